import { createHmac, randomUUID } from 'node:crypto';
import { importJWK, exportSPKI, type CryptoKey } from 'jose';
import { ALL_SCOPES, claimsOf, Client, type Answer } from './harness/client.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

/** Subjects belong to other services: any name may be one, and one without files is nothing to hide. */
const ANY_SUBJECT = /^\/v1\/subjects\//;

interface Door {
  readonly method: string;
  readonly path: string;
  readonly scope: string | undefined;
}

describe('access', () => {
  let system: System;
  let owner: Client;
  let fileId: string;
  let doors: Door[];

  beforeAll(async () => {
    system = await System.start({ label: 'access' });
    owner = await system.client();
    fileId = await owner.upload(textFile());
    await owner.until(fileId, 'available');
    const { body } = await owner.call('GET', '/openapi.json');
    // The table of routes as the running service publishes it: a new route is tested from the day it exists.
    doors = Object.entries(
      body.paths as Record<string, Record<string, { security?: Record<string, string[]>[] }>>,
    ).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => /^(get|head|put|post|patch|delete)$/.test(method))
        .map(([method, door]) => ({
          method: method.toUpperCase(),
          path,
          scope: door.security?.[0] && Object.values(door.security[0])[0]?.[0],
        })),
    );
  }, 120_000);
  afterAll(() => system.stop());

  const at = (door: Door) =>
    door.path
      .replace(/\{(fileId|id)\}/, fileId)
      .replace('{type}', 'case')
      .replace(/\{[^}]+\}/g, randomUUID());
  const knock = (door: Door, token: string | null, extra: Record<string, string> = {}): Promise<Response> =>
    fetch(`${system.apiUrl}${at(door)}`, {
      method: door.method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(/POST|PUT|PATCH/.test(door.method) ? { 'content-type': 'application/json' } : {}),
        ...extra,
      },
      ...(/POST|PUT|PATCH/.test(door.method) ? { body: '{}' } : {}),
    });
  // Those of Uppy under an upload token have no scope to miss: uppy.acceptance-spec.ts.
  const guarded = () => doors.filter(({ path }) => path.startsWith('/v1/') || path.startsWith('/uppy/s3/'));

  it('S30 every door under /v1 and /uppy/s3 names its scope, and only what is meant to be open is open', () => {
    expect(guarded().length).toBeGreaterThanOrEqual(7);
    expect(guarded().filter((door) => !/^files:/.test(door.scope ?? ''))).toEqual([]);
  });

  it('S30 answers 401 without a token on every door, with a challenge', async () => {
    for (const door of guarded()) {
      const response = await knock(door, null);
      expect([door.method, door.path, response.status]).toEqual([door.method, door.path, 401]);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('S30 answers 403 without the scope of the door, whatever other scopes there are', async () => {
    for (const door of guarded()) {
      const others = ALL_SCOPES.split(' ').filter((scope) => scope !== door.scope);
      const { token } = (await system.client(owner.caller.tenantId, others.join(' '))).caller;
      expect([door.method, door.path, (await knock(door, token)).status]).toEqual([door.method, door.path, 403]);
    }
  });

  it('S30 M34 a file of another tenant answers exactly like one that does not exist, on every door', async () => {
    const stranger = await system.client();
    const comparable = async (response: Response) => {
      const text = await response.text();
      const {
        requestId: _id,
        instance: _instance,
        ...rest
      } = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      return { status: response.status, ...rest };
    };
    const withId = guarded().filter((door) => door.path.includes('{') && !ANY_SUBJECT.test(door.path));
    expect(withId.length).toBeGreaterThanOrEqual(5);
    for (const door of withId) {
      const foreign = await comparable(await knock(door, stranger.caller.token));
      const absent = await comparable(
        await fetch(`${system.apiUrl}${door.path.replace('{type}', 'case').replace(/\{[^}]+\}/g, randomUUID())}`, {
          method: door.method,
          headers: {
            authorization: `Bearer ${stranger.caller.token}`,
            ...(/POST|PUT|PATCH/.test(door.method) ? { 'content-type': 'application/json' } : {}),
          },
          ...(/POST|PUT|PATCH/.test(door.method) ? { body: '{}' } : {}),
        }),
      );
      expect([door.method, door.path, foreign]).toEqual([door.method, door.path, absent]);
      expect(foreign.status).toBe(404);
    }
    expect((await owner.file(fileId)).body.status).toBe('available');
  });

  it('S31 ignores a tenant named anywhere but in the token', async () => {
    const stranger = await system.client();
    const tenant = owner.caller.tenantId;
    const bytes = textFile();
    const named = { 'x-tenant-id': tenant, 'x-tenant': tenant, 'tenant-id': tenant };
    expect(
      (await stranger.call('GET', `/v1/files/${fileId}?tenantId=${tenant}&tenant_id=${tenant}`, undefined, named))
        .status,
    ).toBe(404);
    const presigned = await stranger.call(
      'POST',
      '/v1/files/presign',
      {
        filename: 'a',
        mimeType: 'text/plain',
        bucket: 'assets',
        size: bytes.length,
        tenantId: tenant,
        tenant_id: tenant,
      },
      named,
    );
    expect(presigned.status).toBe(201);
    expect(new URL(presigned.body.uploadUrl).pathname).toContain(`/${stranger.caller.tenantId}/staging/`);
    expect((await owner.file(presigned.body.fileId)).status).toBe(404);
  });

  it('S28 takes no token but an honest one', async () => {
    const claims = claimsOf(system.issuer);
    const now = Math.floor(Date.now() / 1000);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const pem = await exportSPKI((await importJWK(system.issuer.publicKey, 'RS256')) as CryptoKey);
    const hs = (key: string) => {
      const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: system.issuer.publicKey.kid })}.${encode(claims)}`;
      return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
    };
    const good = await system.issuer.sign(claims);
    const { tenant_id: _tenant, ...noTenant } = claims;
    const { exp: _exp, ...noExpiry } = claims;
    const { sub: _sub, ...noSubject } = claims;
    const bad: Record<string, string> = {
      'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
      'HS256 with the public key as PEM': hs(pem),
      'HS256 with the public key as JWK': hs(JSON.stringify(system.issuer.publicKey)),
      'a changed payload': good.replace(/\.[^.]+\./, `.${encode({ ...claims, tenant_id: randomUUID() })}.`),
      'wrong issuer': await system.issuer.sign({ ...claims, iss: 'https://elsewhere.example' }),
      'wrong audience': await system.issuer.sign({ ...claims, aud: 'another-service' }),
      expired: await system.issuer.sign({ ...claims, iat: now - 7200, exp: now - 3600 }),
      'not yet valid': await system.issuer.sign({ ...claims, nbf: now + 3600 }),
      'issued in the future': await system.issuer.sign({ ...claims, iat: now + 3600, exp: now + 7200 }),
      'no expiry': await system.issuer.sign(noExpiry),
      'no tenant': await system.issuer.sign(noTenant),
      'a tenant that is no UUID': await system.issuer.sign({ ...claims, tenant_id: '../../etc' }),
      'no subject': await system.issuer.sign(noSubject),
      'an unknown key': await system.issuer.sign(claims, { kid: randomUUID() }),
      'a key of its own in jwk': await system.issuer.sign(claims, { kid: 'mine', jwk: system.issuer.publicKey }),
      'a key elsewhere in jku': await system.issuer.sign(claims, { kid: 'mine', jku: 'http://127.0.0.1:9/jwks.json' }),
      nothing: '',
      rubbish: 'a.b.c',
    };
    expect((await new Client(system.apiUrl, { ...owner.caller, token: good }).file(randomUUID())).status).toBe(404);
    for (const [what, token] of Object.entries(bad)) {
      const answer: Answer = await new Client(system.apiUrl, { ...owner.caller, token }).file(fileId);
      expect([what, answer.status, answer.body.code]).toEqual([what, 401, 'UNAUTHENTICATED']);
    }
  });

  it('keeps the door of store events shut without its secret, and believes nothing it is told', async () => {
    const staged = await owner.presign(10);
    const key = `${owner.caller.tenantId}/staging/${staged.body.fileId as string}/${staged.body.versionId as string}`;
    const body = JSON.stringify({
      Records: [{ eventName: 's3:ObjectCreated:Put', s3: { object: { key, size: 10, eTag: 'x', versionId: 'y' } } }],
    });
    const post = (path: string) =>
      fetch(`${system.apiUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect((await post('/internal/s3-events/wrong')).status).toBe(401);
    expect((await post('/internal/s3-events')).status).toBe(401);
    expect((await post(`/internal/s3-events/${process.env['FILES_S3_EVENTS_TOKEN'] ?? ''}`)).status).toBe(204);
    expect((await owner.file(staged.body.fileId)).body).toMatchObject({ stage: 'awaiting_upload' });
  });
});
