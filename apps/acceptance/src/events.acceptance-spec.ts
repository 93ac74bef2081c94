import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually, freePort, type AppProcess } from '@custody/testing';
import { ALL_SCOPES, claimsOf, Client } from './harness/client.js';
import { EventReader } from './harness/event-reader.js';
import { checkSystem } from './harness/invariants.js';
import { eicar, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const NO_ADMIN = ALL_SCOPES.replace(' files:admin', '');
const WAY = ['awaiting_upload', 'uploaded', 'scanning', 'clean', 'available'];
const STREAMS_PER_USER = 4;

describe('M20 event streams', () => {
  let system: System;
  /** The second replica of the API. It polls often; the first knows only what hints over Redis tell it. */
  let other: AppProcess;
  let client: Client;
  const open: EventReader[] = [];

  beforeAll(async () => {
    const env = {
      EVENTS_HEARTBEAT_SEC: '600',
      EVENTS_POLL_SEC: '600',
      EVENTS_STALL_SEC: '1',
      EVENTS_MAX_STREAMS_PER_USER: String(STREAMS_PER_USER),
      SCAN_CONCURRENCY: '2',
    };
    system = await System.start({ label: 'events', env });
    await startOther();
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterEach(() => {
    for (const reader of open.splice(0)) reader.close();
  });
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  async function startOther(): Promise<void> {
    other = await replica({ EVENTS_POLL_SEC: '0.5' });
  }
  const replica = async (env: Record<string, string>) =>
    system.startApp('files-api', { ...env, PORT: String(await freePort()) });
  const there = (who: Client) => new Client(other.url, who.caller);
  async function follow(who: Client, path = '/v1/events', lastEventId?: string): Promise<EventReader> {
    const reader = await EventReader.open(who, path, lastEventId);
    open.push(reader);
    return reader;
  }
  const ofFile = (fileId: string) => `/v1/files/${fileId}/events`;
  const reached = (reader: EventReader, fileId: string, stage: string) =>
    reader.until(`${stage} of ${fileId} arrives`, ({ events }) =>
      events.some(({ data }) => data.fileId === fileId && data.stage === stage),
    );

  /** The first subscribes when its first stream opens; a hint before that is lost. */
  async function heardAtTheFirst(doer: Client): Promise<void> {
    const { fileId } = (await doer.presign(10)).body as { fileId: string };
    const reader = await follow(client);
    let count = 0;
    await eventually('a hint is heard', async () => {
      await doer.call('PATCH', `/v1/files/${fileId}`, { filename: `${(count += 1)}.txt` });
      return reader.events.length > 0;
    });
    reader.close();
  }

  it('tells what becomes of a file at another replica, the present first, and ends with its verdict', async () => {
    const doer = there(client);
    await heardAtTheFirst(doer);
    const bytes = textFile();
    const presigned = await doer.presign(bytes);
    const { fileId, versionId } = presigned.body as { fileId: string; versionId: string };
    const reader = await follow(client, ofFile(fileId));
    expect(reader.status).toBe(200);
    expect(Object.fromEntries(reader.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await reached(reader, fileId, 'awaiting_upload');
    await doer.put(presigned, new Blob([new Uint8Array(bytes)]));
    await doer.confirm(fileId);
    await reader.ended();
    expect(reader.story).toEqual([...WAY, 'end']);
    expect(reader.over).toBe('ended');
    expect(reader.retryMs).toBeGreaterThanOrEqual(1_000);
    const [first, last, end] = [reader.events[0], reader.events.at(-2), reader.events.at(-1)];
    expect(first?.data).toMatchObject({ fileId, versionId, status: 'pending_scan', rejectReason: null });
    expect(last?.data).toMatchObject({ fileId, versionId, status: 'available', stage: 'available' });
    expect(last?.data.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(end?.data).toMatchObject({ reason: 'final' });

    const late = await follow(there(client), ofFile(fileId));
    await late.ended();
    expect(late.story).toEqual(['available', 'end']);
    const again = await follow(client, ofFile(fileId), reader.lastEventId);
    expect(again.status).toBe(204);
    const missed = await follow(client, ofFile(fileId), reader.events[2]?.id);
    await missed.ended();
    expect(missed.story).toEqual(['clean', 'available', 'end']);
    const byQuery = await follow(client, `${ofFile(fileId)}?lastEventId=${reader.events[3]?.id ?? ''}`);
    await byQuery.ended();
    expect(byQuery.story).toEqual(['available', 'end']);
  });

  it('ends with the reason of a rejection, and with the deletion of the file', async () => {
    const infected = await client.staged(eicar());
    const rejected = await follow(there(client), ofFile(infected.body.fileId as string));
    await client.confirm(infected.body.fileId as string);
    await rejected.ended();
    expect(rejected.events.at(-2)?.data).toMatchObject({ status: 'rejected', rejectReason: 'infected' });
    expect(rejected.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'final' } });

    const { fileId } = (await client.presign(10)).body as { fileId: string };
    const deleted = await follow(there(client), ofFile(fileId));
    await reached(deleted, fileId, 'awaiting_upload');
    await client.call('DELETE', `/v1/files/${fileId}`);
    await deleted.ended();
    expect(deleted.story).toEqual(['awaiting_upload', 'file.deleted', 'rejected', 'end']);
    expect(deleted.events.at(-1)?.data).toMatchObject({ reason: 'deleted' });
    expect((await follow(client, ofFile(fileId))).status).toBe(404);
  });

  it('M34 S30 a tenant sees its own files only, and each caller those he may see at that moment', async () => {
    const { tenantId } = client.caller;
    const user = (groups: string[] = []) => system.client(tenantId, NO_ADMIN, randomUUID(), groups);
    const groupId = (await client.call('POST', '/v1/access-groups', { name: 'Case 17' })).body.id as string;
    const [owner, member, outsider, stranger] = [
      await user(),
      await user([groupId]),
      await user(),
      await system.client(),
    ];
    const streams = await Promise.all([member, outsider, stranger].map((who) => follow(there(who))));
    const [inside, outside, elsewhere] = streams as [EventReader, EventReader, EventReader];
    const secret = (await owner.presign(10, { accessGroupId: groupId })).body.fileId as string;
    const open_ = (await owner.presign(10)).body.fileId as string;
    await Promise.all([reached(inside, open_, 'awaiting_upload'), reached(outside, open_, 'awaiting_upload')]);
    expect(inside.events.map(({ data }) => data.fileId as string)).toEqual([secret, open_]);
    expect(outside.events.map(({ data }) => data.fileId as string)).toEqual([open_]);
    for (const who of [outsider, stranger]) {
      for (const api of [who, there(who)]) expect((await follow(api, ofFile(secret))).status).toBe(404);
    }

    const share = `/v1/files/${secret}/shares/${outsider.caller.userId}`;
    await owner.call('PUT', share);
    const shared = await follow(there(outsider), ofFile(secret));
    await reached(shared, secret, 'awaiting_upload');
    await owner.call('PATCH', `/v1/files/${secret}`, { filename: 'seen.txt' });
    await outside.until('the change is told', ({ story }) => story.includes('file.changed'));
    await owner.call('DELETE', share);
    await owner.call('PATCH', `/v1/files/${secret}`, { filename: 'unseen.txt' });
    await owner.call('PATCH', `/v1/files/${open_}`, { filename: 'later.txt' });
    await outside.until('the next change is told', ({ events }) => events.at(-1)?.data.fileId === open_);
    expect(outside.story).toEqual(['awaiting_upload', 'file.changed', 'file.changed']);
    await shared.ended();
    expect(shared.story).toEqual(['awaiting_upload', 'file.changed', 'end']);
    expect(shared.events.at(-1)?.data).toMatchObject({ reason: 'not_found' });
    expect(elsewhere.events).toEqual([]);
  });

  it('goes on after a lost connection and a killed replica without gap or repeat', async () => {
    const told: string[] = [];
    const stages: string[] = [];
    const collect = (reader: EventReader) => {
      told.push(...reader.events.map(({ id }) => id));
      stages.push(...reader.story);
      return reader.lastEventId;
    };
    const first = await follow(there(client));
    const one = await client.upload(textFile());
    await reached(first, one, 'uploaded');
    first.close();
    let last = collect(first);
    const two = await client.upload(textFile());
    await client.until(two, 'available');
    const second = await follow(there(client), '/v1/events', last);
    await reached(second, two, 'available');
    other.signal('SIGKILL');
    await second.ended();
    expect(second.over).toBe('broken');
    last = collect(second);
    const three = await client.upload(textFile());
    await client.until(three, 'available');
    const [third] = await Promise.all([follow(client, '/v1/events', last), startOther()]);
    await reached(third, three, 'available');
    collect(third);
    // Nothing of this tenant is hidden from its administrator, so its numbers have no holes.
    expect(told).toEqual(told.map((_, index) => String(index + 1)));
    expect(stages.sort()).toEqual([...WAY, ...WAY, ...WAY].sort());
  });

  it('needs no Redis', async () => {
    const reader = await follow(there(client));
    await system.redis.kill();
    const fileId = await client.upload(textFile());
    await reached(reader, fileId, 'uploaded');
    await system.redis.start();
    await reached(reader, fileId, 'available');
    expect(reader.story).toEqual(WAY);
  }, 60_000);

  it('says when an id is unknown or forgotten, and where the stream is now', async () => {
    const { fileId } = (await client.presign(10)).body as { fileId: string };
    for (const id of ['17', 'x'.repeat(50), '-1']) {
      const reader = await follow(client, '/v1/events', id);
      await reader.until('the reset arrives', ({ events }) => events.length > 0);
      expect(reader.events).toMatchObject([{ event: 'reset', id: '1', data: { reason: 'unknown' } }]);
      reader.close();
    }
    const resumed = await follow(client, ofFile(fileId), '18');
    await reached(resumed, fileId, 'awaiting_upload');
    expect(resumed.story).toEqual(['reset', 'awaiting_upload']);
    await system.rows(`UPDATE tenant_feeds SET trimmed = 1 WHERE tenant_id = $1`, [client.caller.tenantId]);
    const old = await follow(client, '/v1/events', '0');
    await old.until('the reset arrives', ({ events }) => events.length > 0);
    expect(old.events[0]).toMatchObject({ event: 'reset', data: { reason: 'expired' } });
  });

  it('keeps a silent stream open with comments that move the point to resume from', async () => {
    const often = await replica({ EVENTS_HEARTBEAT_SEC: '0.2' });
    const tenant = await system.client(client.caller.tenantId, NO_ADMIN);
    const groupId = (await client.call('POST', '/v1/access-groups', { name: 'hidden' })).body.id as string;
    const reader = await follow(new Client(often.url, tenant.caller));
    await client.presign(10, { accessGroupId: groupId });
    await reader.until('a heartbeat moves on', ({ comments, lastEventId }) => comments > 0 && lastEventId === '1');
    expect(reader.events).toEqual([]);
    expect(reader.over).toBeNull();
  });

  it('ends when the token does', async () => {
    const claims = claimsOf(system.issuer, 'files:read', client.caller.tenantId, client.caller.userId);
    const exp = Math.ceil(Date.now() / 1000) + 1;
    const token = await system.issuer.sign({ ...claims, exp });
    const reader = await follow(new Client(other.url, { ...client.caller, token }));
    await reader.ended(10_000);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(reader.events).toMatchObject([{ event: 'end', data: { reason: 'token_expired' } }]);
  });

  it('bounds the streams of a user', async () => {
    const streams = await Promise.all(Array.from({ length: STREAMS_PER_USER }, () => follow(client)));
    const refused = await client.call('GET', '/v1/events');
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_STREAMS' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await follow(await system.client(client.caller.tenantId))).status).toBe(200);
    streams[0]?.close();
    await eventually('the place is free', async () => (await follow(client)).status === 200);
  });

  it('cuts a reader that takes nothing, without collecting for it; it resumes where it was', async () => {
    const rows = 150_000;
    const { fileId } = (await client.presign(10)).body as { fileId: string };
    await system.rows(
      `INSERT INTO file_events (tenant_id, seq, at, type, file_id) SELECT $1, n, now(), 'file.changed', $2 FROM generate_series(2, $3) n`,
      [client.caller.tenantId, fileId, rows],
    );
    await system.rows(`UPDATE tenant_feeds SET head = $2 WHERE tenant_id = $1`, [client.caller.tenantId, rows]);
    const before = other.rss();
    const { hostname, port } = new URL(other.url);
    const sockets = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = connect(Number(port), hostname);
        const headers = [`Host: ${hostname}`, `Authorization: Bearer ${client.caller.token}`, 'Last-Event-ID: 0'];
        socket.on('error', () => undefined);
        socket.write(`GET /v1/events HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
        return socket;
      }),
    );
    const streams = async (count: number) => {
      const { body } = await there(client).call('GET', '/metrics');
      return new RegExp(`^custody_event_streams_count ${count}$`, 'm').test(body as string);
    };
    await eventually('all three are open', () => streams(3));
    await eventually('all three are cut', () => streams(0), 20_000);
    // A stream is only cut while its next piece waits to be taken; what a process has collected beyond that would show here.
    expect(other.rss() - before).toBeLessThan(128 * 1024 ** 2);
    for (const socket of sockets) socket.destroy();
    const resumed = await follow(there(client), '/v1/events', String(rows - 10));
    await resumed.until('the rest arrives', ({ events }) => events.length === 10);
    expect(resumed.lastEventId).toBe(String(rows));
  }, 60_000);

  it('ends at once when its process is told to stop', async () => {
    const reader = await follow(there(client));
    await reader.until('it is open', ({ retryMs }) => retryMs > 0);
    // As a browser opens one ahead of its next request.
    const { hostname, port } = new URL(other.url);
    const spare = connect(Number(port), hostname).on('error', () => undefined);
    await once(spare, 'connect');
    const since = performance.now();
    other.signal('SIGTERM');
    expect(await other.ended()).toBe(0);
    expect(performance.now() - since).toBeLessThan(5_000);
    await reader.ended();
    expect(reader).toMatchObject({ over: 'ended', events: [{ event: 'end', data: { reason: 'shutdown' } }] });
  });
});
