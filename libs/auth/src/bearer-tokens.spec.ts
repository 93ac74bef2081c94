import { TestIssuer, type IssuerKey } from '@custody/testing';
import { SignJWT, exportJWK, exportSPKI, type JWTPayload } from 'jose';
import { randomUUID } from 'node:crypto';
import { GuardedApp, UPLOAD_TOKENS_KEY } from './guarded-app.fixture.js';

const issuer = new TestIssuer();
const app = new GuardedApp();
let key: IssuerKey;
const now = () => Math.floor(Date.now() / 1000);
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  iss: issuer.issuer,
  aud: 'custody',
  sub: randomUUID(),
  tenant_id: randomUUID(),
  scope: 'files:read',
  iat: now(),
  exp: now() + 60,
  ...changes,
});
const without = (claim: string): JWTPayload => {
  const { [claim]: _dropped, ...rest } = claims();
  return rest;
};
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

beforeAll(async () => {
  await issuer.start();
  key = await issuer.newKey();
  await issuer.publish(key);
  await app.start({
    issuer: issuer.issuer,
    audience: 'custody',
    jwksUrl: issuer.jwksUrl,
    uploadTokenKeys: UPLOAD_TOKENS_KEY,
  });
});
afterAll(async () => {
  await app.stop();
  await issuer.stop();
});

describe('a good token', () => {
  it('becomes the actor', async () => {
    const groups = [randomUUID(), randomUUID()];
    const token = claims({ scope: 'files:read files:write', groups });
    const { status, body } = await app.get('/read', await issuer.sign(key, token));
    expect(status).toBe(200);
    expect(body).toEqual({
      tenantId: token['tenant_id'],
      userId: token.sub,
      scopes: ['files:read', 'files:write'],
      groups,
      expiresAtSec: token.exp,
    });
  });

  it('never lends its actor to a request beside it', async () => {
    const tokens = Array.from({ length: 50 }, () => claims());
    const answers = await Promise.all(tokens.map(async (token) => app.get('/read', await issuer.sign(key, token))));
    expect(answers.map(({ body }) => body)).toMatchObject(tokens.map(({ sub }) => ({ userId: sub })));
  });

  it.each(['PS256', 'ES256'] as const)('may be signed with %s', async (alg) => {
    const other = await issuer.newKey(alg);
    const second = new GuardedApp();
    await issuer.publish(key, other);
    await second.start({
      issuer: issuer.issuer,
      audience: 'custody',
      jwksUrl: issuer.jwksUrl,
      uploadTokenKeys: UPLOAD_TOKENS_KEY,
    });
    expect((await second.get('/read', await issuer.sign(other, claims()))).status).toBe(200);
    await second.stop();
    await issuer.publish(key);
  });

  it('may spell its UUIDs in upper case, have several audiences and no groups', async () => {
    const tenant = randomUUID();
    const token = claims({ tenant_id: tenant.toUpperCase(), aud: ['other', 'custody'] });
    const { body } = await app.get('/read', await issuer.sign(key, token));
    expect(body).toMatchObject({ tenantId: tenant, groups: [] });
  });
});

describe('S28 refused tokens', () => {
  const bad: [string, () => Promise<string>][] = [
    ['alg none', async () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
    ['alg none with a kid', async () => `${encode({ alg: 'none', kid: key.kid })}.${encode(claims())}.`],
    ['HS256 with the public key (PEM)', async () => hmac(await exportSPKI(key.publicKey))],
    ['HS256 with the public key (JWK)', async () => hmac(JSON.stringify(await exportJWK(key.publicKey)))],
    [
      'an algorithm that is not allowed',
      async () => issuer.sign({ ...(await issuer.newKey('RS512')), kid: key.kid }, claims()),
    ],
    [
      'a key of somebody else under our kid',
      async () => issuer.sign({ ...(await issuer.newKey()), kid: key.kid }, claims()),
    ],
    ['its own key in jwk', async () => embedded((jwk) => ({ jwk }))],
    ['its own key in jku', async () => embedded(() => ({ jku: `${issuer.issuer}/evil` }))],
    ['its own key in x5u', async () => embedded(() => ({ x5u: `${issuer.issuer}/evil` }))],
    ['a critical extension', () => issuer.sign(key, claims(), { crit: ['b64'], b64: true })],
    ['another issuer', () => issuer.sign(key, claims({ iss: 'https://evil.example' }))],
    ['no issuer', () => issuer.sign(key, without('iss'))],
    ['another audience', () => issuer.sign(key, claims({ aud: 'billing' }))],
    ['no audience', () => issuer.sign(key, without('aud'))],
    ['no expiry', () => issuer.sign(key, without('exp'))],
    ['expired', () => issuer.sign(key, claims({ exp: now() - 10 }))],
    ['not valid yet', () => issuer.sign(key, claims({ nbf: now() + 30 }))],
    ['issued in the future', () => issuer.sign(key, claims({ iat: now() + 30 }))],
    ['no tenant', () => issuer.sign(key, without('tenant_id'))],
    ['a tenant that is not a UUID', () => issuer.sign(key, claims({ tenant_id: '1 OR 1=1' }))],
    ['a list of tenants', () => issuer.sign(key, claims({ tenant_id: [randomUUID()] }))],
    ['no subject', () => issuer.sign(key, without('sub'))],
    ['a subject that is not a UUID', () => issuer.sign(key, claims({ sub: 'admin' }))],
    ['a scope that is a list', () => issuer.sign(key, claims({ scope: ['files:read'] }))],
    ['groups that are a string', () => issuer.sign(key, claims({ groups: randomUUID() }))],
    ['a group that is not a UUID', () => issuer.sign(key, claims({ groups: [randomUUID(), '*'] }))],
    ['a changed payload', async () => swapPayload(await issuer.sign(key, claims()))],
    ['no token at all', async () => 'not.a.token'],
    ['nonsense', async () => 'x'],
  ];

  it.each(bad)('%s', async (_name, token) => {
    const { status, challenge, body } = await app.get('/read', await token());
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(challenge).toMatch(/^Bearer realm="custody", error="invalid_token", error_description="[^"]+"$/);
  });

  it('says of an expired token that it expired', async () => {
    const { challenge } = await app.get('/read', await issuer.sign(key, claims({ exp: now() - 10 })));
    expect(challenge).toContain('The token has expired.');
  });

  it('tolerates clocks a few seconds apart', async () => {
    const token = await issuer.sign(key, claims({ iat: now() + 3, nbf: now() + 3 }));
    expect((await app.get('/read', token)).status).toBe(200);
  });

  function hmac(secret: string): Promise<string> {
    return new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .sign(new TextEncoder().encode(secret));
  }

  async function embedded(header: (jwk: object) => Record<string, unknown>): Promise<string> {
    const own = await issuer.newKey();
    return issuer.sign(own, claims(), header(await exportJWK(own.publicKey)));
  }

  function swapPayload(token: string): string {
    const [head, , signature] = token.split('.');
    return `${head}.${encode(claims())}.${signature}`;
  }
});

describe('scopes', () => {
  it('without a token the challenge names no error (RFC 6750, 3.1)', async () => {
    const { status, challenge } = await app.get('/read');
    expect([status, challenge]).toEqual([401, 'Bearer realm="custody"']);
  });

  it('a token in the query or in a body field is no token', async () => {
    const token = await issuer.sign(key, claims());
    expect((await app.get(`/read?access_token=${token}`)).status).toBe(401);
  });

  it.each(['files:read', 'files:reader files:write', 'files:admin', undefined])(
    'scope %j is not enough for a door that needs read and write',
    async (scope) => {
      const token = scope === undefined ? without('scope') : claims({ scope });
      const { status, challenge, body } = await app.get('/read-write', await issuer.sign(key, token));
      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
      expect(challenge).toBe('Bearer realm="custody", error="insufficient_scope", scope="files:read files:write"');
    },
  );

  it('a handler replaces what its class declares', async () => {
    expect((await app.get('/class/inherited', await issuer.sign(key, claims()))).status).toBe(403);
    expect((await app.get('/class/own', await issuer.sign(key, claims()))).status).toBe(200);
  });

  it('a public door takes anything', async () => {
    expect((await app.get('/open')).status).toBe(200);
    expect((await app.get('/open', 'nonsense')).status).toBe(200);
  });
});
