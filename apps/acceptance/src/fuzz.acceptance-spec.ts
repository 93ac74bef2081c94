import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import fc from 'fast-check';
import type { Client } from './harness/client.js';

import {
  attachEvents,
  cursors,
  filenames,
  filterQueries,
  presigns,
  rangeHeaders,
  requests,
  storeEvents,
} from './harness/fuzz-inputs.js';
import { announceSeed, anyText, fuzz, inQuery, LANES, RawDoor, type RawAnswer } from './harness/fuzzing.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

/** One header of RFC 6266 in ASCII: a quoted name, and the same name in UTF-8 where it needs that. */
const DISPOSITION =
  /^(?:inline|attachment); filename="((?:[ !#-[\]-~]|\\[\\"])*)"(?:; filename\*=UTF-8''((?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})+))?$/;
const NO_LIMITS = {
  FILES_STAGING_MAX_PER_TENANT: '100000',
  FILES_RATE_LIMIT_TENANT_PER_MIN: '0',
  FILES_RATE_LIMIT_USER_PER_MIN: '0',
};

/** 16,000 inputs through the public door; GraphQL documents have a test of their own. */
describe('fuzzing', () => {
  let system: System;
  let mine: Client;
  let victim: Client;
  let door: RawDoor;
  let queue: Queue;
  let pid: number;
  let codes: Set<string>;
  /** Stands in everything the other tenant has, and nowhere else. */
  const canary = `canary-${randomUUID()}`;
  const theirs: string[] = [];
  const files: string[] = [];
  const content = textFile('0123456789'.repeat(20));

  beforeAll(async () => {
    announceSeed();
    system = await System.start({
      label: 'fuzz',
      apps: ['files-api', 'scan-worker'],
      env: { ...NO_LIMITS, LOG_LEVEL: 'warn' },
    });
    mine = await system.client();
    door = new RawDoor(mine);
    queue = new Queue('attach-file', { connection: { url: system.redis.url } });
    pid = system.running('files-api').pid;
    const { body } = await mine.call('GET', '/openapi.json');
    codes = new Set(body.components.schemas.Problem.properties.code.enum as string[]);
    victim = await system.client();
    const folder = await victim.call('POST', '/v1/folders', { name: canary });
    const named = { filename: `${canary}.txt`, metadata: { [canary]: canary }, folderId: folder.body.folderId };
    const kept = await Promise.all(Array.from({ length: 3 }, () => victim.upload(textFile(canary), named)));
    await victim.call('PUT', `/v1/files/${kept[0]}/subjects/case/${canary}`);
    files.push(...(await Promise.all(Array.from({ length: LANES }, () => mine.upload(content)))));
    await Promise.all([
      ...files.map((id) => mine.until(id, 'available')),
      ...kept.map((id) => victim.until(id, 'available')),
    ]);
    const page = await victim.call('GET', '/v1/files?limit=1');
    theirs.push(
      ...kept,
      folder.body.folderId as string,
      victim.caller.tenantId,
      victim.caller.userId,
      page.body.nextCursor as string,
    );
  }, 120_000);
  afterAll(async () => {
    door.close();
    await queue.close();
    await system.stop();
  });
  afterEach(() => {
    // The same process: it was not started again meanwhile.
    expect(system.running('files-api').pid).toBe(pid);
  });

  /** Never 5xx, refusals are problems of the catalogue, and nothing of the other tenant is in any answer. */
  function sound({ status, headers, text }: RawAnswer): void {
    expect(status).toBeLessThan(500);
    if (text.includes(canary)) throw new Error(`an answer (${status}) holds what belongs to another tenant`);
    if (status < 400) return;
    if (text === '') return;
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    const { code, status: said } = JSON.parse(text) as { code: string; status: number };
    expect([code, codes.has(code), said]).toEqual([code, true, status]);
  }

  const theirOwn = () => fc.constantFrom(...theirs);

  it('would see a row of another tenant', async () => {
    const theirDoor = new RawDoor(victim);
    for (const path of [
      '/v1/files',
      '/v1/folders',
      `/v1/subjects/case/${canary}/files`,
      `/v1/files/${theirs[0]}/content`,
    ]) {
      const answer = await theirDoor.send('GET', path);
      expect(answer.status).toBe(200);
      expect(() => sound(answer)).toThrow('another tenant');
    }
    theirDoor.close();
  });

  it('S25 M29 a filename is refused, or comes back as it was and makes one valid Content-Disposition', async () => {
    await fuzz(2_000, filenames, async (filename, lane) => {
      const path = `/v1/files/${files[lane]}`;
      const changed = await door.send('PATCH', path, {}, { filename });
      sound(changed);
      const length = Array.from(filename).length;
      const storable = length > 0 && length <= 5_000 && filename.isWellFormed() && !filename.includes('\0');
      expect(changed.status).toBe(storable ? 200 : 400);
      if (!storable) return;
      expect((JSON.parse(changed.text) as { filename: string }).filename).toBe(filename);
      const served = await door.send('HEAD', `${path}/content`);
      const [, quoted = '', extended = ''] = DISPOSITION.exec(served.headers['content-disposition'] ?? '') ?? [];
      expect([served.status, served.headers['content-disposition'], quoted !== '']).toEqual([
        200,
        expect.any(String),
        true,
      ]);
      expect(decodeURIComponent(extended)).not.toMatch(/[/\\\p{Cc}\p{Bidi_Control}]/u);
    });
  }, 120_000);

  it('M11 M13 a presign of any names, types, sizes and metadata is refused or keeps what it was given', async () => {
    await fuzz(2_000, presigns, async (body) => {
      const answer = await door.send('POST', '/v1/files/presign', {}, body);
      sound(answer);
      expect([201, 400, 413]).toContain(answer.status);
      if (answer.status !== 201) return;
      const { fileId, headers } = JSON.parse(answer.text) as { fileId: string; headers: Record<string, string> };
      // A client can send what it is told to send.
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
      const shown = await door.send('GET', `/v1/files/${fileId}`);
      sound(shown);
      expect(JSON.parse(shown.text)).toMatchObject({ filename: body.filename });
    });
  }, 120_000);

  it('S26 any Range, If-Range and If-None-Match gets the bytes it names or a refusal', async () => {
    await fuzz(1_000, rangeHeaders(), async (sent, lane) => {
      const answer = await door.send('GET', `/v1/files/${files[lane]}/content`, sent);
      sound(answer);
      expect([200, 206, 304, 416]).toContain(answer.status);
      if (answer.status === 200) expect(answer.text).toBe(content.toString());
      if (answer.status !== 206) return;
      const [, first, last] = /^bytes (\d+)-(\d+)\/\d+$/.exec(answer.headers['content-range'] ?? '') ?? [];
      expect(answer.text).toBe(content.subarray(Number(first), Number(last) + 1).toString());
    });
  }, 120_000);

  it('M28 any cursor leads to a page of its own tenant or is refused', async () => {
    const ours = `/v1/files/${files[0]}/versions`;
    const paged = fc.constantFrom(
      ...['/v1/files', '/v1/folders', '/v1/audit', '/v1/access-groups', '/v1/subjects/case/A-1/files', ours],
    );
    await fuzz(3_000, fc.tuple(paged, cursors(theirOwn())), async ([path, text]) => {
      const answer = await door.send('GET', `${path}?limit=3&cursor=${inQuery(text)}`);
      sound(answer);
      expect([200, 400]).toContain(answer.status);
    });
  }, 120_000);

  it('M28 M13 any filter leads to a page of its own tenant or is refused', async () => {
    await fuzz(4_000, filterQueries(theirOwn()), async (query) => {
      const answer = await door.send('GET', `/v1/files?limit=3&${query}`);
      sound(answer);
      expect([200, 400, 404]).toContain(answer.status);
    });
  }, 120_000);

  it('S30 S31 any path and any body at any door is answered, by a problem or soundly', async () => {
    await fuzz(1_500, requests(theirOwn()), async ({ method, path, body }) => {
      sound(await door.send(method, path, {}, /GET|HEAD|OPTIONS/.test(method) ? undefined : JSON.stringify(body)));
    });
  }, 120_000);

  it('M23 the door of store events takes or refuses any payload, and believes none', async () => {
    const authorization = `Bearer ${process.env['FILES_S3_EVENTS_TOKEN'] ?? ''}`;
    await fuzz(500, storeEvents(theirOwn()), async (body) => {
      sound(await door.send('POST', '/internal/s3-events', { authorization }, JSON.stringify(body)));
    });
  }, 120_000);

  it('M44 S34 any event on the queue ends, and links nothing of another tenant', async () => {
    const names = fc.oneof(
      { weight: 4, arbitrary: fc.constant('attach-file.v1') },
      { weight: 1, arbitrary: anyText(20) },
    );
    const events = attachEvents(mine.caller.tenantId, theirs.slice(0, 3));
    await fuzz(2_000, fc.tuple(names, events), async ([name, data]) => {
      await queue.add(name, data, { jobId: randomUUID() });
    });
    await system.eventually(
      'every event was looked at',
      async () => {
        const { waiting = 0, active = 0 } = await queue.getJobCounts('waiting', 'active');
        return waiting + active === 0;
      },
      60_000,
    );
    const links = await system.rows<{ subject_id: string }>('SELECT subject_id FROM subject_links');
    expect(links).toEqual([{ subject_id: canary }]);
    expect((await mine.file(files[0] ?? '')).status).toBe(200);
  }, 120_000);
});
