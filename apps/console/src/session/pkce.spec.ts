import { makeProofKey, randomText } from './pkce.js';

describe('the proof key', () => {
  it('has a verifier RFC 7636 allows and its hash', async () => {
    const { verifier, challenge } = await makeProofKey();
    expect(verifier).toMatch(/^[\w-]{43}$/);
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
    const decoded = atob(challenge.replaceAll('-', '+').replaceAll('_', '/'));
    expect(Uint8Array.from(decoded, (letter) => letter.charCodeAt(0))).toEqual(new Uint8Array(hash));
  });

  it('is another one each time', () => {
    expect(randomText()).not.toBe(randomText());
  });
});
