import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import request from 'supertest';
import { ALL_SCOPES, EVENTS_TOKEN, RunningApi } from './files-api.fixture.js';

type Document = { paths: Record<string, Record<string, { security: { bearer: string[] }[]; responses: object }>> };

describe('every door', () => {
  let running: RunningApi;
  let document: Document;
  let doors: { method: string; path: string; scope: string | undefined }[];

  beforeAll(async () => {
    running = await RunningApi.start();
    document = (await request(running.url).get('/openapi.json').expect(200)).body;
    doors = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => ({ method, path, scope: security[0]?.bearer[0] })),
    );
  });
  afterAll(() => running.stop());

  const send = (method: string, path: string) =>
    request(running.url)[method as 'get'](path.replaceAll(/\{\w+\}/g, randomUUID()));

  /** The body is not waited for: an event stream has no end. */
  async function statusWith(token: string, method: string, path: string): Promise<number> {
    const url = running.url + path.replaceAll(/\{\w+\}/g, randomUUID());
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await fetch(url, { method: method.toUpperCase(), headers });
    await body?.cancel();
    return status;
  }

  it('M41 is described, and what is described exists', () => {
    const described = doors.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const routed = running.api.routes.all
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
      .filter((route) => !/ \/(docs|openapi\.json)/.test(route));
    expect([...new Set(routed)].sort()).toEqual(described.sort());
  });

  it('M41 serves the document that is committed', async () => {
    const committed = await readFile(new URL('../schema/openapi.json', import.meta.url), 'utf8');
    expect(document).toEqual(JSON.parse(committed));
  });

  it('S30 asks for a token and for the very scope it is described with', async () => {
    const me = { tenant: randomUUID(), user: randomUUID() };
    for (const { method, path, scope } of doors.filter((door) => door.scope !== undefined)) {
      const withoutToken = await send(method, path);
      expect([method, path, withoutToken.status]).toEqual([method, path, 401]);
      expect(withoutToken.headers['www-authenticate']).toMatch(/^Bearer/);
      const others = ALL_SCOPES.split(' ').filter((one) => one !== scope);
      const wrong = await send(method, path).auth(await running.token(me, others.join(' ')), { type: 'bearer' });
      expect([method, path, wrong.status]).toEqual([method, path, 403]);
      const right = await statusWith(await running.token(me, scope), method, path);
      expect([401, 403, 500]).not.toContain(right);
    }
  });

  it('answers in problems, whatever is wrong before a handler runs', async () => {
    const me = await running.token({ tenant: randomUUID(), user: randomUUID() });
    const post = () => request(running.url).post('/v1/files/presign').auth(me, { type: 'bearer' });
    const json = 'application/json';
    const answers = [
      [await post().set('content-type', json).send('{bad'), 400, 'validation-error'],
      [await post().set('content-type', json).send('{"__proto__":{"a":1}}'), 400, 'validation-error'],
      [await post().send(), 400, 'validation-error'],
      [await post().set('content-type', 'text/xml').send('<a/>'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
      [
        await post()
          .set('content-type', json)
          .send(`"${'x'.repeat(70_000)}"`),
        413,
        'PAYLOAD_TOO_LARGE',
      ],
      [await request(running.url).get('/v1/nowhere'), 404, 'ROUTE_NOT_FOUND'],
      [await request(running.url).get('/v1/files/%zz'), 400, 'validation-error'],
      [await request(running.url).put('/v1/files/presign'), 405, 'METHOD_NOT_ALLOWED'],
    ] as const;
    for (const [answer, status, code] of answers) {
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
    }
    expect(answers[7][0].headers['allow']).toContain('POST');
  });

  it('takes a sane request id of the caller and no other', async () => {
    const named = (id: string) => request(running.url).get('/health/live').set('x-request-id', id);
    expect((await named('abc-1')).headers['x-request-id']).toBe('abc-1');
    expect((await named('a b')).headers['x-request-id']).not.toBe('a b');
  });

  it('is ready, measured and documented', async () => {
    const ready = await request(running.url).get('/health/ready').expect(200);
    expect(ready.body).toEqual({ status: 'ok', checks: { postgres: 'ok', s3: 'ok', redis: 'ok' } });
    await request(running.url)
      .get('/metrics')
      .expect(200)
      .expect('content-type', /^text\/plain/);
    await request(running.url)
      .get('/docs')
      .expect(200)
      .expect('content-type', /^text\/html/);
  });

  describe('store events', () => {
    const event = { Records: [{ s3: { object: { key: 'a%2Fb' } } }] };

    it('M23 are taken with the secret, in a header or in the path', async () => {
      await request(running.url)
        .post('/internal/s3-events')
        .auth(EVENTS_TOKEN, { type: 'bearer' })
        .send(event)
        .expect(204);
      const bare = request(running.url).post(`/internal/s3-events/${EVENTS_TOKEN}`);
      await bare.set('content-type', 'application/x-www-form-urlencoded').send(JSON.stringify(event)).expect(204);
    });

    it('are refused without it, before anything is said about their shape', async () => {
      const tenant = await running.token({ tenant: randomUUID(), user: randomUUID() });
      await request(running.url).post('/internal/s3-events').send({ Records: 1 }).expect(401);
      await request(running.url).post('/internal/s3-events').auth(tenant, { type: 'bearer' }).send(event).expect(401);
      await request(running.url).post(`/internal/s3-events/${EVENTS_TOKEN}x`).send(event).expect(401);
    });
  });
});

it('F5 is degraded but ready, and takes uploads, while Redis is away', async () => {
  const running = await RunningApi.start({ REDIS_URL: 'redis://127.0.0.1:1' });
  try {
    const ready = await request(running.url).get('/health/ready').expect(200);
    expect(ready.body).toMatchObject({ status: 'degraded', checks: { postgres: 'ok', s3: 'ok' } });
    expect(ready.body.checks.redis).not.toBe('ok');
    const token = await running.token({ tenant: randomUUID(), user: randomUUID() });
    const upload = { filename: 'a', mimeType: 'text/plain', bucket: 'assets', size: 1 };
    await request(running.url).post('/v1/files/presign').auth(token, { type: 'bearer' }).send(upload).expect(201);
  } finally {
    await running.stop();
  }
});
