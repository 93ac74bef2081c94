import { jest } from '@jest/globals';
import { TestIssuer, type IssuerKey } from '@custody/testing';
import { randomUUID } from 'node:crypto';
import { GuardedApp, UPLOAD_TOKENS_KEY } from './guarded-app.fixture.js';

let issuer: TestIssuer;
let key: IssuerKey;
let app: GuardedApp;
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  iss: issuer.issuer,
  aud: 'custody',
  sub: randomUUID(),
  tenant_id: randomUUID(),
  scope: 'files:read',
  exp: now() + 60,
});
const statusOf = async (token: string, door = '/read') => (await app.get(door, token)).status;
const known = async () => {
  const token = await issuer.sign(key, claims());
  expect([await statusOf(token), await statusOf(token), await statusOf(token)]).toEqual([200, 200, 200]);
  return token;
};

beforeEach(async () => {
  issuer = new TestIssuer();
  await issuer.start();
  key = await issuer.newKey();
  await issuer.publish(key);
  app = new GuardedApp();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.stop();
  await issuer.stop();
});
const start = (limits = {}) =>
  app.start({
    issuer: issuer.issuer,
    audience: 'custody',
    jwksUrl: issuer.jwksUrl,
    uploadTokenKeys: UPLOAD_TOKENS_KEY,
    limits,
  });

describe('S28 a token that was verified before', () => {
  it('is refused once it has expired, to the second and with the tolerance', async () => {
    await start();
    const token = await known();
    const signedAt = now();
    const clock = jest.spyOn(Date, 'now');
    clock.mockReturnValue((signedAt + 63) * 1000);
    expect(await statusOf(token)).toBe(200);
    clock.mockReturnValue((signedAt + 66) * 1000);
    expect(await statusOf(token)).toBe(401);
  });

  it('lends nothing to one that differs in a character', async () => {
    await start();
    const token = await known();
    const [head = '', payload = '', signature = ''] = token.split('.');
    const other = signature.startsWith('A') ? 'B' : 'A';
    expect(await statusOf([head, payload, other + signature.slice(1)].join('.'))).toBe(401);
    expect(await statusOf([head, payload, ''].join('.'))).toBe(401);
    expect(await statusOf(`${token}x`)).toBe(401);
  });

  it('opens no door beyond its scopes', async () => {
    await start();
    expect(await statusOf(await known(), '/read-write')).toBe(403);
  });
});

describe('S29 a token that was verified before', () => {
  it('is refused when its key is withdrawn', async () => {
    await start({ cooldownMs: 0, refreshMs: 0 });
    const token = await issuer.sign(key, claims());
    expect(await statusOf(token)).toBe(200);
    await issuer.publish(await issuer.newKey());
    const deadline = Date.now() + 5_000;
    while ((await statusOf(token)) === 200) {
      if (Date.now() > deadline) throw new Error('the withdrawn key still works');
      // An injected request needs no I/O; the fetch of the keys does.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await statusOf(token)).toBe(401);
  });

  it('works on while the issuer is down', async () => {
    await start({ cooldownMs: 0, retryMs: 0, refreshMs: 0 });
    const token = await known();
    await issuer.stop();
    expect(await statusOf(token)).toBe(200);
    await issuer.start();
  });
});
