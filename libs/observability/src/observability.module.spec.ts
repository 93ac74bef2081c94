import 'reflect-metadata';
import { Controller, Get, Logger as NestLogger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '@custody/testing';
import { HealthModule, identify, Logger, Metrics, ObservabilityModule, type HealthCheck } from './index.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SIGNATURE = 'f'.repeat(64);
type LogRecord = Record<string, unknown>;

@Controller()
class DoorController {
  private readonly log = new NestLogger('Door');

  @Get('hello')
  hello(): string {
    identify({ tenantId: 'tenant-1', actorId: 'actor-1' });
    this.log.log(`handed out http://s3/key?X-Amz-Signature=${SIGNATURE}\nfor a\u2028file`);
    return 'hello';
  }

  @Get('endless')
  endless(): Promise<string> {
    this.log.log('waiting');
    return new Promise(() => undefined);
  }

  @Get('broken')
  broken(): never {
    throw new Error(`PUT http://s3/key?X-Amz-Signature=${SIGNATURE} failed`);
  }
}

let app: NestFastifyApplication;
let lines: string[];
let decorated: unknown[];
const checks: HealthCheck[] = [];
const records = () => lines.map((line) => JSON.parse(line) as LogRecord);
const recordOf = (what: string, fits: (record: LogRecord) => boolean) => eventually(what, () => records().find(fits));

beforeEach(async () => {
  lines = [];
  decorated = [];
  checks.splice(0);
  const destination = { write: (line: string) => void lines.push(line) };
  @Module({
    imports: [
      ObservabilityModule.forRoot({
        name: 'test',
        level: 'info',
        secrets: ['the-secret-of-this-process'],
        destination,
      }),
      HealthModule.forRootAsync({
        useFactory: () => checks,
        decorators: [(target) => void decorated.push(target.name)],
      }),
    ],
    controllers: [DoorController],
  })
  class TestModule {}
  app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter());
  app.useLogger(app.get(Logger));
  await app.listen(0, '127.0.0.1');
});
afterEach(() => app.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${await app.getUrl()}${path}`, { headers });
  return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
};

const ONCE = ['"actorId":', '"requestId":', '"tenantId":', '"traceId":'];

describe('a request', () => {
  const headers = {
    'x-request-id': 'request-1',
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    authorization: 'Bearer not-to-be-seen',
    cookie: 'session=not-to-be-seen',
  };

  it('is answered with its id, and logged with who asked and its trace', async () => {
    const answer = await get('/hello?token=not-to-be-seen', headers);
    expect(answer.headers['x-request-id']).toBe('request-1');
    const context = { requestId: 'request-1', traceId: TRACE, tenantId: 'tenant-1', actorId: 'actor-1', name: 'test' };
    expect(await recordOf('what the door wrote', ({ context: door }) => door === 'Door')).toMatchObject(context);
    const closing = await recordOf('the closing record', ({ res }) => res !== undefined);
    expect(closing).toMatchObject({ ...context, req: { method: 'GET' }, res: { statusCode: 200 } });
    // A member that stands twice is one that readers may take either of.
    const ofRequest = lines.filter((line) => line.includes('request-1'));
    for (const line of ofRequest) expect(line.match(/"(requestId|traceId|tenantId|actorId)":/g)?.sort()).toEqual(ONCE);
  });

  it('leaves no secret and no second line in the log', async () => {
    await get('/hello?token=not-to-be-seen', headers);
    await get('/broken', headers);
    await get('/internal/s3-events/not-to-be-seen');
    await recordOf('the error', ({ err }) => err !== undefined);
    await eventually('three closing records', () => records().filter(({ res }) => res).length === 3);
    for (const line of lines) {
      expect(line).not.toMatch(/not-to-be-seen|f{64}/);
      expect(line.slice(0, -1)).not.toMatch(/[\n\u2028]/);
    }
    expect(records().find(({ res }) => (res as LogRecord | undefined)?.['statusCode'] === 500)).toMatchObject({
      level: 'error',
    });
  });

  it('gets an id of our own when its own is not sane', async () => {
    const answer = await get('/hello', { 'x-request-id': 'a b' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that is left before its answer is logged as such', async () => {
    const leaving = new AbortController();
    const left = fetch(`${await app.getUrl()}/endless`, { signal: leaving.signal }).catch(
      (error: unknown) => (error as Error).name,
    );
    await recordOf('what the door wrote', ({ msg }) => msg === 'waiting');
    leaving.abort();
    expect(await left).toBe('AbortError');
    const closing = await recordOf('the closing record', ({ res }) => res !== undefined);
    expect(closing).toMatchObject({ msg: 'request aborted', req: { method: 'GET', url: '/endless' } });
  });

  it('of a probe is not logged', async () => {
    await get('/health/live');
    await get('/hello');
    await recordOf('the other request', ({ res }) => res !== undefined);
    expect(records().filter(({ req }) => req)).toHaveLength(1);
  });
});

describe('health', () => {
  it('is ready when every check passes', async () => {
    checks.push({ name: 'postgres', check: () => Promise.resolve() });
    const answer = await get('/health/ready');
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, { status: 'ok', checks: { postgres: 'ok' } }]);
  });

  it('names what failed or took too long, keeps the reason for the log, and is alive all the same', async () => {
    checks.push(
      { name: 'postgres', check: () => Promise.resolve() },
      { name: 'redis', check: () => Promise.reject(new Error('connect ECONNREFUSED redis.internal')) },
      { name: 's3', check: () => new Promise(() => undefined), timeoutMs: 20 },
      {
        name: 'clamd',
        check: () => {
          throw new Error('thrown at once');
        },
      },
    );
    const answer = await get('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({
      status: 'unavailable',
      checks: { postgres: 'ok', redis: 'failed', s3: 'timeout', clamd: 'failed' },
    });
    expect(lines.join('')).toContain('not ready, redis: connect ECONNREFUSED redis.internal');
    expect((await get('/health/live')).statusCode).toBe(200);
  });

  it('stays ready, and says so, without what it can go on without', async () => {
    checks.push(
      { name: 'postgres', check: () => Promise.resolve() },
      { name: 'redis', check: () => Promise.reject(new Error('away')), required: false },
    );
    const answer = await get('/health/ready');
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      200,
      { status: 'degraded', checks: { postgres: 'ok', redis: 'failed' } },
    ]);
  });

  it('lets an application decorate its controllers', () => {
    expect(decorated).toEqual(['HealthController', 'MetricsController']);
  });
});

it('serves the metrics of the process', async () => {
  const metrics = app.get(Metrics);
  metrics.counter({ name: 'scans_total', help: 'Scans', labels: ['verdict'] }).inc({ verdict: 'clean' });
  metrics.measured({ name: 'queue_waiting', help: 'Waiting' }, () => Promise.resolve(7));
  metrics.measured({ name: 'queue_broken', help: 'Broken' }, () => Promise.reject(new Error('away')));
  const answer = await get('/metrics');
  expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(answer.body).toContain('scans_total{verdict="clean"} 1');
  expect(answer.body).toContain('queue_waiting 7');
  expect(answer.body).toContain('queue_broken Nan');
  expect(answer.body).toContain('process_cpu_user_seconds_total');
});
