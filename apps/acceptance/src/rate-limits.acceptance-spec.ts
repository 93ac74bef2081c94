import { randomUUID } from 'node:crypto';
import { freePort } from '@custody/testing';
import { Client, type Answer } from './harness/client.js';
import { System } from './harness/system.js';

const [TENANT, USER] = [30, 20];

describe('rate limits', () => {
  let system: System;
  let replicaUrl: string;

  beforeAll(async () => {
    system = await System.start({
      label: 'rate-limits',
      apps: [],
      env: {
        FILES_RATE_LIMIT_TENANT_PER_MIN: String(TENANT),
        FILES_RATE_LIMIT_USER_PER_MIN: String(USER),
        // A busy machine must not turn a slow answer into a second count.
        FILES_RATE_LIMIT_TIMEOUT_MS: '5000',
      },
    });
    const [, replica] = await Promise.all([
      system.startApp('files-api'),
      system.startApp('files-api', { PORT: String(await freePort()) }),
    ]);
    replicaUrl = replica.url;
  }, 120_000);
  afterAll(() => system.stop());

  const list = (as: Client, headers: Record<string, string> = {}) => as.call('GET', '/v1/files', undefined, headers);
  const many = (
    count: number,
    as: (at: number) => Client,
    headers: (at: number) => Record<string, string> = () => ({}),
  ) => Promise.all(Array.from({ length: count }, (_, at) => list(as(at), headers(at))));
  const answered = (answers: Answer[]) => answers.filter(({ status }) => status === 200).length;
  const replicaOf = ({ caller }: Client) => new Client(replicaUrl, caller);
  const metric = async (name: string) => {
    const text = await (await fetch(`${system.apiUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };

  it('S36 count a user exactly over two replicas, whatever X-Forwarded-For says, and say when to come back', async () => {
    const client = await system.client();
    const both = [client, replicaOf(client)];
    const forwarded = (at: number) => ({ 'x-forwarded-for': `10.0.0.${at}`, forwarded: `for=10.0.0.${at}` });
    const answers = await many(50, (at) => both[at % 2] as Client, forwarded);
    expect(answered(answers)).toBe(USER);
    const refused = answers.find(({ status }) => status !== 200) as Answer;
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(30);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit')).toMatch(/^"tenant";r=10;t=\d+, "user";r=0;t=\d+$/);
    // Refused by the door of the content, too, and by a door that would answer 404.
    for (const path of [`/v1/files/${randomUUID()}`, `/v1/files/${randomUUID()}/content`])
      expect((await client.call('GET', path)).status).toBe(429);
    expect(await metric('custody_rate_limited_total\\{budget="user"\\}')).toBeGreaterThan(0);
  });

  it('S36 count a tenant over its users, and leave other tenants alone', async () => {
    const one = await system.client();
    const others = await Promise.all([1, 2].map(() => system.client(one.caller.tenantId)));
    const answers = await many(60, (at) => [one, ...others][at % 3] as Client);
    expect(answered(answers)).toBe(TENANT);
    const [late, stranger] = [
      await system.client(one.caller.tenantId),
      await system.client(randomUUID(), undefined, one.caller.userId),
    ];
    expect(await list(late)).toMatchObject({
      status: 429,
      body: { detail: expect.stringMatching('tenant') as string },
    });
    expect(await list(stranger)).toMatchObject({ status: 200 });
  });

  it('tell every caller what is left, and let a browser read it; doors for everybody are not counted', async () => {
    const client = await system.client();
    const origin = { origin: 'http://localhost:3000' };
    const answers = [await list(client, origin), await client.call('GET', `/v1/files/${randomUUID()}`)];
    for (const [at, { headers }] of answers.entries()) {
      expect(headers.get('ratelimit-policy')).toBe(`"tenant";q=${TENANT};w=60, "user";q=${USER};w=60`);
      const state = new RegExp(`^"tenant";r=${TENANT - 1 - at};t=(\\d+), "user";r=${USER - 1 - at};t=(\\d+)$`);
      const [, ...seconds] = state.exec(headers.get('ratelimit') ?? '') ?? [];
      expect(seconds.map(Number).every((left) => left > 30 && left <= 60)).toBe(true);
    }
    const exposed = answers[0]?.headers.get('access-control-expose-headers')?.split(/, */);
    expect(exposed).toEqual(
      expect.arrayContaining(['RateLimit', 'RateLimit-Policy', 'Retry-After', 'ETag', 'X-Request-Id']),
    );
    for (const path of ['/health/live', '/openapi.json', '/metrics']) {
      const open = await fetch(`${system.apiUrl}${path}`);
      expect([path, open.status, open.headers.has('ratelimit')]).toEqual([path, 200, false]);
    }
    const nobody = await fetch(`${system.apiUrl}/v1/files`);
    expect([nobody.status, nobody.headers.has('ratelimit')]).toEqual([401, false]);
    expect((await list(client)).headers.get('ratelimit')).toMatch(`"user";r=${USER - 3};`);
  });

  it('F4 each process limits for itself while Redis is away, and together again afterwards', async () => {
    await system.redis.kill();
    const client = await system.client();
    const both = [client, replicaOf(client)];
    const alone = await many(60, (at) => both[at % 2] as Client);
    expect(alone.filter(({ status }) => status === 429)).toHaveLength(60 - 2 * USER);
    expect(answered(alone)).toBe(2 * USER);
    expect(await metric('custody_rate_limits_shared')).toBe(0);
    expect(system.running('files-api').output.match(/limited by this process alone/g)).toHaveLength(1);
    await system.redis.start();
    await system.eventually('both count together again', async () => {
      const somebody = await system.client();
      const [here, there] = [await list(somebody), await list(replicaOf(somebody))];
      return (
        [here, there].map(({ headers }) => /"user";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]).join() ===
        `${USER - 1},${USER - 2}`
      );
    });
    expect(await metric('custody_rate_limits_shared')).toBe(1);
  });
});
