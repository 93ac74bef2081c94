import { contentSecurityPolicy, storeOrigins } from './content-security-policy.js';

type Store = Parameters<typeof storeOrigins>[0];
const store = (publicEndpoint: string, forcePathStyle: boolean) =>
  ({ publicEndpoint, forcePathStyle, stagingBucket: 'in', mainBucket: 'main' }) as Store;

describe('the policy of the console', () => {
  it('names the store by its endpoint, or by the host of each bucket', () => {
    expect(storeOrigins(store('http://127.0.0.1:9000/', true))).toEqual(['http://127.0.0.1:9000']);
    expect(storeOrigins(store('https://s3.example.com', false))).toEqual([
      'https://in.s3.example.com',
      'https://main.s3.example.com',
    ]);
  });

  it('allows nothing inline, nothing evaluated and no stranger', () => {
    const policy = contentSecurityPolicy(['https://s3.example.com'], 'https://auth.example.com/oauth/token');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("connect-src 'self' https://s3.example.com https://auth.example.com;");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
  });
});
