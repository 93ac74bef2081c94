import { TestIssuer, type IssuerKey } from '@custody/testing';
import { randomUUID } from 'node:crypto';
import { AuthError } from './auth.error.js';
import type { AuthLimits } from './auth.options.js';
import { JwksKeys } from './jwks-keys.js';

let issuer: TestIssuer;
let key: IssuerKey;
const keysWith = (limits: Partial<AuthLimits>) =>
  new JwksKeys({ issuer: issuer.issuer, audience: 'custody', jwksUrl: issuer.jwksUrl, uploadTokenKeys: '', limits });
const header = ({ alg, kid }: IssuerKey) => ({ alg, kid });
const stranger = () => ({ alg: 'RS256', kid: randomUUID() });
const codeOf = (keys: JwksKeys, wanted: { alg: string; kid: string }) =>
  keys.find(wanted).then(
    () => 'found',
    (error: unknown) => (error instanceof AuthError ? error.code : error),
  );

beforeEach(async () => {
  issuer = new TestIssuer();
  await issuer.start();
  key = await issuer.newKey();
  await issuer.publish(key);
});
afterEach(() => issuer.stop());

describe('S29 keys of the issuer', () => {
  it('are fetched once for many callers', async () => {
    const keys = keysWith({});
    const found = await Promise.all(Array.from({ length: 100 }, () => keys.find(header(key))));
    expect(new Set(found).size).toBe(1);
    expect(issuer.fetches).toBe(1);
  });

  it('are fetched again for a new key id: rotation', async () => {
    const keys = keysWith({ cooldownMs: 0 });
    await keys.find(header(key));
    const next = await issuer.newKey('ES256');
    await issuer.publish(key, next);
    expect(await codeOf(keys, header(next))).toBe('found');
    expect(await codeOf(keys, header(key))).toBe('found');
    expect(issuer.fetches).toBe(2);
  });

  it('10,000 random key ids cause a bounded number of fetches', async () => {
    const keys = keysWith({ cooldownMs: 60_000 });
    for (let burst = 0; burst < 100; burst += 1) {
      const codes = await Promise.all(Array.from({ length: 100 }, () => codeOf(keys, stranger())));
      expect(new Set(codes)).toEqual(new Set(['UNAUTHENTICATED']));
    }
    expect(issuer.fetches).toBe(1);
    expect(await codeOf(keys, header(key))).toBe('found');
  });

  it('10,000 random key ids cause a bounded number of fetches while the issuer is down, too', async () => {
    const keys = keysWith({ cooldownMs: 0, retryMs: 60_000 });
    await keys.find(header(key));
    let attempts = 0;
    await issuer.stop();
    const counter = await countConnections(issuer.jwksUrl, () => (attempts += 1));
    for (let burst = 0; burst < 100; burst += 1) {
      await Promise.all(Array.from({ length: 100 }, () => codeOf(keys, stranger())));
    }
    counter.close();
    expect(attempts).toBe(1);
    expect(await codeOf(keys, stranger())).toBe('AUTH_UNAVAILABLE');
  });

  it('serve on while the issuer is down, and other keys cannot be judged', async () => {
    const keys = keysWith({ cooldownMs: 0, retryMs: 0, refreshMs: 0 });
    await keys.find(header(key));
    await issuer.stop();
    expect(await codeOf(keys, stranger())).toBe('AUTH_UNAVAILABLE');
    expect(await codeOf(keys, header(key))).toBe('found');
    await issuer.start();
    expect(await codeOf(keys, stranger())).toBe('UNAUTHENTICATED');
  });

  it('none cached and the issuer down is unavailable, until it comes up', async () => {
    await issuer.stop();
    const keys = keysWith({ retryMs: 0 });
    expect(await codeOf(keys, header(key))).toBe('AUTH_UNAVAILABLE');
    await issuer.start();
    expect(await codeOf(keys, header(key))).toBe('found');
  });

  it('a withdrawn key stops working after a refresh in the background', async () => {
    const keys = keysWith({ cooldownMs: 0, refreshMs: 0 });
    await keys.find(header(key));
    await issuer.publish(await issuer.newKey());
    const deadline = Date.now() + 5_000;
    while ((await codeOf(keys, header(key))) === 'found') {
      if (Date.now() > deadline) throw new Error('the withdrawn key still works');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await codeOf(keys, header(key))).toBe('UNAUTHENTICATED');
  });
});

/** Takes the issuer's place on its port and drops every connection. */
async function countConnections(url: string, count: () => void) {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => {
    count();
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));
  return server;
}
