import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { AppProcess } from '@custody/testing';
import type { Client } from './harness/client.js';
import { EventReader } from './harness/event-reader.js';
import { checkSystem } from './harness/invariants.js';
import { numbered } from './harness/samples.js';
import { System, type Env } from './harness/system.js';
import { hashOf, sendStream } from './harness/transfer.js';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** The same way at any size: `npm run test:large` walks it above 5 GiB, with the limits of a deployment. */
const ASKED = process.env['LARGE_FILE_BYTES'];
const IS_REAL = ASKED !== undefined;
const SIZE = IS_REAL ? Number(ASKED) : 40 * MiB + 12_345;
/** So that what begins at gigabytes begins here at megabytes. */
const LOWERED: Env = {
  ...{ FILES_PART_SIZE_BYTES: String(5 * MiB), CLAMD_MAX_STREAM_BYTES: String(16 * MiB) },
  ...{ S3_SINGLE_COPY_MAX_BYTES: String(8 * MiB), S3_COPY_PART_BYTES: String(6 * MiB) },
};
const COPY_PART = IS_REAL ? GiB : 6 * MiB;
const LANES = 4;
const MAX_GROWTH_MIB = 64;
const TIMEOUT_MS = IS_REAL ? 3_600_000 : 120_000;

interface SignedPart {
  readonly uploadUrl: string;
  readonly headers: Record<string, string>;
  readonly size: number;
}

/** Bytes; `VmRSS` now or `VmHWM`, the peak since it was forgotten (proc_pid_status(5)). */
const memoryOf = ({ pid }: AppProcess, field: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describe('M6 S17 a file beyond what one PUT, one copy and one scan take', () => {
  let system: System;
  let client: Client;
  let apps: AppProcess[];
  let idle: number[];
  let fileId: string;
  let sha256: string;

  beforeAll(async () => {
    const env: Env = { ...(IS_REAL ? {} : LOWERED), SCAN_LEASE_SEC: '10' };
    system = await System.start({ label: 'large-file', apps: [], env });
    apps = [await system.startApp('files-api'), await system.startApp('scan-worker')];
    client = await system.client();
    // What is needed once, whatever the size: code, pools, connections.
    const raw = { filename: 'warm.img', mimeType: 'application/octet-stream' };
    for (const size of [1, 9 * MiB]) {
      const warm = await client.upload(Buffer.alloc(size, 7), raw);
      await client.until(warm, 'available');
      await hashOf(`${client.apiUrl}/v1/files/${warm}/content`, { authorization: `Bearer ${client.caller.token}` });
    }
    idle = apps.map((app) => memoryOf(app, 'VmRSS'));
    for (const { pid } of apps) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  }, 120_000);
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  }, 120_000);

  /** How far each process grew since it was idle, in MiB. */
  const growth = () => apps.map((app, index) => (memoryOf(app, 'VmHWM') - (idle[index] ?? 0)) / MiB);
  const report = (what: string, since: number, bytes = SIZE) => {
    const seconds = (performance.now() - since) / 1_000;
    const rate = `${(bytes / MiB / seconds).toFixed(0)} MiB/s`;
    const [api, worker] = growth().map((mib) => mib.toFixed(0));
    if (IS_REAL)
      process.stderr.write(
        `${what}: ${seconds.toFixed(1)} s, ${rate}; over idle: files-api ${api}, scan-worker ${worker} MiB\n`,
      );
  };

  it(
    'is uploaded in parts, side by side',
    async () => {
      const begun = performance.now();
      const mimeType = 'application/octet-stream';
      const { body } = await client.presign(SIZE, { filename: 'disk.img', mimeType, multipart: true });
      ({ fileId } = body);
      const { partSize, partCount } = body.multipart as { partSize: number; partCount: number };
      const numbers = Array.from({ length: partCount }, (_, index) => index + 1).values();
      const lane = async (): Promise<void> => {
        for (const partNumber of numbers) {
          const signed = await client.call('POST', `/v1/files/${fileId}/multipart/parts`, {
            partNumbers: [partNumber],
          });
          const [{ uploadUrl, headers, size }] = signed.body.parts as [SignedPart];
          const start = (partNumber - 1) * partSize;
          const sent = await sendStream('PUT', uploadUrl, headers, size, numbered(start, start + size));
          if (sent.status !== 200) throw new Error(`part ${partNumber}: ${sent.status} ${sent.body}`);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      report('upload', begun);
      const completing = performance.now();
      expect((await client.confirm(fileId)).status).toBe(200);
      report('complete', completing);
    },
    TIMEOUT_MS,
  );

  it(
    'is scanned in windows, telling how far it is, and promoted by parts',
    async () => {
      const begun = performance.now();
      const hash = createHash('sha256');
      for (const piece of numbered(0, SIZE)) hash.update(piece);
      sha256 = hash.digest('hex');
      // Not by asking again and again: an hour of that costs the API more memory than the file does.
      const stream = await EventReader.open(client, `/v1/files/${fileId}/events`);
      await stream.ended(TIMEOUT_MS);
      report('scan and promotion', begun);
      expect(stream.story.at(-1)).toBe('end');
      const file = await client.until(fileId, 'available');
      expect(file).toMatchObject({ size: SIZE, sha256, scan: { coverage: 'windowed' } });
      const [row] = await system.rows<{ epoch: number; reported: { scannedBytes: number }; key: string }>(
        `SELECT v.epoch, v.scan_progress AS reported, v.tenant_id || '/' || f.bucket || '/' || f.id || '/' || v.id AS key
         FROM file_versions v JOIN files f ON f.id = v.file_id WHERE v.file_id = $1`,
        [fileId],
      );
      expect(row).toMatchObject({ reported: { scannedBytes: SIZE, totalBytes: SIZE } });
      const main = await system.store.s3.send(
        new HeadObjectCommand({ Bucket: system.store.main, Key: row?.key ?? '' }),
      );
      expect(main.ContentLength).toBe(SIZE);
      // The store tells the number of parts behind the dash.
      expect(main.ETag).toMatch(new RegExp(`-${Math.ceil(SIZE / COPY_PART)}"$`));
      report('scan and promotion', begun);
    },
    TIMEOUT_MS,
  );

  it(
    'is read by ranges as the bytes it was',
    async () => {
      const begun = performance.now();
      const hash = createHash('sha256');
      const step = Math.ceil(SIZE / 7);
      for (let start = 0; start < SIZE; start += step) {
        const end = Math.min(start + step, SIZE) - 1;
        const answer = await fetch(`${client.apiUrl}/v1/files/${fileId}/content`, {
          headers: { authorization: `Bearer ${client.caller.token}`, range: `bytes=${start}-${end}` },
        });
        expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${SIZE}`]);
        for await (const chunk of answer.body ?? []) hash.update(chunk as Uint8Array);
      }
      expect(hash.digest('hex')).toBe(sha256);
      report('download', begun);
    },
    TIMEOUT_MS,
  );

  it('never takes more memory than a small one does, by much', () => {
    for (const mib of growth()) expect(mib).toBeLessThan(MAX_GROWTH_MIB);
  });
});
