import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Queue } from 'bullmq';
import type { Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const execute = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');

/** Events as any BullMQ client of another service, in whatever language, would put them on the queue. */
describe('attach-file events', () => {
  let system: System;
  let queue: Queue;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'attach-file', env: { ATTACH_PARK_SEC: '3' } });
    queue = new Queue('attach-file', { connection: { url: system.redis.url } });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await queue.close();
    await system.stop();
  });

  const eventFor = (fileId: string, id = 'A-1') => ({
    eventId: randomUUID(),
    tenantId: client.caller.tenantId,
    fileId,
    subject: { type: 'case', id },
    actorId: client.caller.userId,
    occurredAt: new Date().toISOString(),
  });
  const send = (event: object, jobId: string = randomUUID(), name = 'attach-file.v1') =>
    queue.add(name, event, { jobId, removeOnComplete: true });
  const done = (jobId: string) =>
    system.eventually(`job ${jobId} is done`, async () => (await queue.getJobState(jobId)) === 'unknown');
  const refused = (jobId: string) =>
    system.eventually(`job ${jobId} is refused`, async () => {
      const job = await queue.getJob(jobId);
      return (await job?.isFailed()) === true && job?.failedReason;
    });
  const subjectsOf = async (fileId: string) => (await client.file(fileId)).body.subjects as object[];
  const linkedRows = (fileId: string) =>
    system.rows<{ actor: string; detail: object }>(
      `SELECT actor, detail FROM audit_log WHERE action = 'file.linked' AND file_id = $1`,
      [fileId],
    );

  it('M44 links a file to a subject, pending or available, in the name of the user', async () => {
    const { body } = await client.presign(10);
    const fileId = body.fileId as string;
    const event = eventFor(fileId, 'evidence 7');
    await send(event);
    await system.eventually('it is linked', async () => (await subjectsOf(fileId)).length === 1);
    expect(await subjectsOf(fileId)).toEqual([event.subject]);
    expect(await linkedRows(fileId)).toEqual([
      {
        actor: `user:${client.caller.userId}`,
        detail: { eventId: event.eventId, type: 'case', id: 'evidence 7' },
      },
    ]);
    await client.call('DELETE', `/v1/files/${fileId}`);
  });

  it('F21 M44 an event counts once, whatever is delivered again, even after the link was taken back', async () => {
    const fileId = await client.upload(textFile());
    const event = eventFor(fileId);
    const jobs = await Promise.all(Array.from({ length: 8 }, () => send(event)));
    for (const { id } of jobs) await done(String(id));
    expect(await linkedRows(fileId)).toHaveLength(1);
    expect((await client.call('DELETE', `/v1/files/${fileId}/subjects/case/A-1`)).status).toBe(204);
    const again = randomUUID();
    await send(event, again);
    await done(again);
    expect(await subjectsOf(fileId)).toEqual([]);
    await client.until(fileId, 'available');
  });

  it('F21 an event that comes before its file waits for it', async () => {
    const fileId = randomUUID();
    const event = eventFor(fileId);
    const jobId = randomUUID();
    await send(event, jobId);
    await system.eventually('it is parked', async () => (await queue.getJobState(jobId)) === 'delayed');
    await system.rows(
      `SELECT initiate_upload($1, $2, $3, 'documents', 'late.txt', 'text/plain', 'text/plain', 10, NULL, '{}', $4, 100)`,
      [JSON.stringify({ tenantId: event.tenantId, actor: 'system:test' }), fileId, randomUUID(), event.actorId],
    );
    await done(jobId);
    expect(await subjectsOf(fileId)).toEqual([event.subject]);
    await client.call('DELETE', `/v1/files/${fileId}`);
  });

  it('S34 foreign, absent and deleted files end in the failed set with the reason, and nothing is linked', async () => {
    const fileId = await client.upload(textFile());
    const foreign = { ...eventFor(fileId), tenantId: randomUUID() };
    const [one, two] = [randomUUID(), randomUUID()];
    await send(foreign, one);
    await send(eventFor(randomUUID()), two);
    expect(await refused(one)).toBe(`tenant ${foreign.tenantId} has no file ${fileId}`);
    expect(await refused(two)).toContain('has no file');
    expect(await subjectsOf(fileId)).toEqual([]);
    await client.until(fileId, 'available');
    await client.call('DELETE', `/v1/files/${fileId}`);
    const three = randomUUID();
    await send(eventFor(fileId), three);
    expect(await refused(three)).toBe(`file ${fileId} is deleted`);
    expect(await linkedRows(fileId)).toEqual([]);
  });

  it('S34 forged events end in the failed set, no URL is ever fetched, and the queue goes on', async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(String(request.url));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const fileId = await client.upload(textFile());
    const good = eventFor(fileId, `${url}/subject`);
    const forgeries: [object, string?][] = [
      [{}],
      [[]],
      [{ ...good, fileId: `${url}/file` }],
      [{ ...good, eventId: "1'; DROP TABLE files; --" }],
      [{ ...good, subject: { type: `${url}/type`, id: 'x' } }],
      [{ ...good, subject: { type: 'case', id: 'x'.repeat(129) } }],
      [{ ...good, subject: { type: 'case', id: '\0' } }],
      [{ ...good, occurredAt: 'yesterday' }],
      [good, 'attach-file.v2'],
      [good, 'constructor'],
    ];
    for (const [payload, name] of forgeries) {
      const jobId = randomUUID();
      await send(payload, jobId, name);
      expect(await refused(jobId)).toMatch(name === undefined ? /^invalid payload/ : /^unknown job/);
    }
    const last = randomUUID();
    await send({ ...good, url: `${url}/extra`, callback: `${url}/callback` }, last);
    await done(last);
    expect(await subjectsOf(fileId)).toEqual([good.subject]);
    await client.until(fileId, 'available');
    expect(requests).toEqual([]);
    server.close();
  });

  it('M44 an event that failed is taken after all once it is redriven', async () => {
    const event = eventFor(randomUUID());
    const jobId = randomUUID();
    await send(event, jobId);
    await refused(jobId);
    // What made it fail is put right: the file it names is there.
    await system.rows(
      `SELECT initiate_upload($1, $2, $3, 'documents', 'late.txt', 'text/plain', 'text/plain', 10, NULL, '{}', $4, 100)`,
      [JSON.stringify({ tenantId: event.tenantId, actor: 'system:test' }), event.fileId, randomUUID(), event.actorId],
    );
    const { stdout } = await execute(process.execPath, ['tools/redrive.ts', 'attach-file'], {
      cwd: ROOT,
      env: { ...process.env, REDIS_URL: system.redis.url },
    });
    expect(stdout).toContain(`attach-file.v1 ${jobId}: had failed: tenant ${event.tenantId} has no file`);
    await done(jobId);
    expect(await subjectsOf(event.fileId)).toEqual([event.subject]);
    await client.call('DELETE', `/v1/files/${event.fileId}`);
  });

  it('M44 what comes while the API is down is taken when it is back', async () => {
    const { body } = await client.presign(10);
    await system.stopApp('files-api');
    const jobId = randomUUID();
    await send(eventFor(body.fileId as string), jobId);
    await system.startApp('files-api');
    await done(jobId);
    expect(await subjectsOf(body.fileId as string)).toHaveLength(1);
    await client.call('DELETE', `/v1/files/${body.fileId as string}`);
  });
});
