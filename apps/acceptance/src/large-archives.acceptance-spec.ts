import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { buildTar, buildZip, type ZipMember } from '@custody/testing';
import type { Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { eicar, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const MiB = 1024 ** 2;
const OVERLAP = 64 * 1024;

describe('S13 archives larger than the engine takes', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    const env = {
      ...{ CLAMD_MAX_STREAM_BYTES: String(MiB), SCAN_WINDOW_OVERLAP_BYTES: String(OVERLAP) },
      ...{ SCAN_LEASE_SEC: '2', SCAN_MAX_STARTS: '2' },
    };
    system = await System.start({ label: 'large-archives', apps: ['files-api', 'staging-reaper', 'notifier'], env });
    client = await system.client();
    await system.startApp('scan-worker');
  }, 120_000);
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const noise = (size: number) => randomBytes(size);
  /** Of four fifths of what the engine takes, so that a few of them are more than it takes. */
  const filler = (name: string): ZipMember => ({ name, data: noise(0.8 * MiB), method: 0 });
  const infectedAt = (size: number, offset: number) => {
    const bytes = Buffer.alloc(size, 'nothing to see here. ');
    eicar().copy(bytes, offset);
    return bytes;
  };
  const big = (members: ZipMember[], options = {}) => buildZip([filler('1.bin'), ...members, filler('9.bin')], options);
  const upload = (bytes: Buffer, name = 'evidence.zip') => {
    const type = { zip: 'zip', tar: 'x-tar', gz: 'gzip' }[name.split('.').at(-1) ?? ''] ?? 'octet-stream';
    return client.upload(bytes, { filename: name, mimeType: `application/${type}` });
  };

  it('are available when every file in them is clean, and the verdict says how they were looked at', async () => {
    const docx = buildZip([{ name: 'word/document.xml', data: textFile() }]);
    const small: ZipMember[] = [
      { name: 'folder/', data: Buffer.alloc(0), method: 0 },
      { name: 'letter.docx', data: docx },
      { name: 'packed.txt', data: Buffer.alloc(0.9 * MiB, 'all work and no play ') },
    ];
    const tar = buildTar([...small, filler('1.bin'), filler('2.bin')].map(({ name, data }) => ({ name, data })));
    const honest: [string, Buffer, string][] = [
      ['files.zip', big(small), 'members'],
      ['files.tar', tar, 'members'],
      ['files.tar.gz', gzipSync(tar), 'members'],
      ['one-large.zip', big([{ name: 'disk.img', data: noise(2.5 * MiB) }]), 'windowed'],
      ['disk.img.gz', gzipSync(noise(2.5 * MiB)), 'windowed'],
    ];
    const ids = await Promise.all(honest.map(([name, bytes]) => upload(bytes, name)));
    for (const [at, [name, bytes, coverage]] of honest.entries()) {
      expect(bytes.length).toBeGreaterThan(MiB);
      const file = await client.until(ids[at] as string, 'available');
      expect([name, file.scan.coverage, file.sha256]).toEqual([name, coverage, sha256(bytes)]);
    }
  }, 60_000);

  it('S12 are rejected wherever in them the malware lies', async () => {
    const length = eicar().length;
    const packed = (data: Buffer): ZipMember => ({ name: 'packed.bin', data });
    const over = 2 * MiB;
    const places: [string, Buffer][] = [
      ['the only small file.zip', big([packed(eicar())])],
      ['the start of a packed file.zip', big([packed(infectedAt(0.5 * MiB, 0))])],
      ['the end of a packed file.zip', big([packed(infectedAt(0.5 * MiB, 0.5 * MiB - length))])],
      ['across a window of a large packed file.zip', big([packed(infectedAt(over, MiB - 30))])],
      ['the end of a large packed file.zip', big([packed(infectedAt(over, over - length))])],
      ['a zip in the zip.zip', big([{ name: 'in.zip', data: buildZip([packed(eicar())]) }])],
      ['a stub in front.bin', buildZip([{ ...filler('a'), before: eicar() }, filler('b')])],
      ['between two files.zip', big([{ name: 'b', data: textFile(), before: eicar() }])],
      ['a tar.tar.gz', gzipSync(buildTar([filler('a'), filler('b'), packed(eicar())]))],
      ['a large gzip.gz', gzipSync(Buffer.concat([noise(over), eicar()]))],
    ];
    const ids = await Promise.all(places.map(([name, bytes]) => upload(bytes, name)));
    for (const [at, [name, bytes]] of places.entries()) {
      expect(bytes.length).toBeGreaterThan(MiB);
      const file = await client.until(ids[at] as string, 'rejected');
      expect([name, file.rejectReason, file.url]).toEqual([name, 'infected', null]);
    }
    const main = (await system.store.mainKeys(client.caller.tenantId)).join(' ');
    for (const fileId of ids) expect(main).not.toContain(fileId);
  }, 60_000);

  it('are unscannable where a file in them cannot be seen, or other programs may see other files', async () => {
    const text: ZipMember = { name: 'a.txt', data: textFile() };
    const doubtful: [string, Buffer, string][] = [
      ['encrypted.zip', big([{ ...text, flags: 1, method: 0 }]), 'archive_encrypted'],
      ['bzip2.zip', big([{ ...text, method: 12 }]), 'archive_method'],
      ['7z in it.zip', big([{ name: 'a.7z', data: Buffer.from('377abcaf271c0004', 'hex') }]), 'archive_format'],
      ['large zip in it.zip', big([{ name: 'in.zip', data: big([]) }]), 'archive_member_size'],
      ['hidden.zip', big([text], { hidden: (name: string) => name === 'a.txt' }), 'archive_malformed'],
      ['two names.zip', big([{ ...text, local: { name: 'b.txt' } }]), 'archive_malformed'],
      ['overlap.zip', big([{ ...text, central: { offset: 40 } }]), 'archive_malformed'],
      ['wrong size.zip', big([{ ...text, central: { size: 1 }, local: { size: 1 } }]), 'archive_malformed'],
      [
        'bomb.zip',
        buildZip([
          filler('1.bin'),
          { name: '2.bin', data: noise(0.3 * MiB) },
          { name: '3.bin', data: Buffer.alloc(130 * MiB) },
        ]),
        'archive_ratio',
      ],
      ['rar.rar', Buffer.concat([Buffer.from('526172211a0701', 'hex'), noise(1.2 * MiB)]), 'archive_format'],
    ];
    const ids = await Promise.all(doubtful.map(([name, bytes]) => upload(bytes, name)));
    for (const [at, [name, , reason]] of doubtful.entries()) {
      const { rejectReason } = await client.until(ids[at] as string, 'rejected');
      const [row] = await system.rows<{ detail: string }>(
        'SELECT reject_detail AS detail FROM file_versions WHERE file_id = $1',
        [ids[at]],
      );
      expect([name, rejectReason, row?.detail.split(':')[0]]).toEqual([name, 'unscannable', reason]);
    }
  }, 60_000);

  it('F2 F15 go on with the file at which a killed worker stopped, and inside a large one at its window', async () => {
    await system.stopApp('scan-worker');
    const large = { name: 'disk.img', data: noise(2.2 * MiB) };
    const bytes = gzipSync(buildTar([filler('a'), filler('b'), large, filler('c'), filler('d')]));
    const fileId = await upload(bytes, 'files.tar.gz');
    let reached = 0;
    // More starts than a version has without progress.
    for (const _ of ['first', 'second']) {
      const worker = await system.launchApp('scan-worker', { CRASH_AT: 'after-window=kill' });
      expect(await worker.ended()).toBe('SIGKILL');
      const [row] = await system.rows<{ place: { members: number; offset: number } }>(
        `SELECT scan_checkpoint -> 'archive' AS place FROM file_versions WHERE file_id = $1`,
        [fileId],
      );
      const { members, offset } = row?.place ?? { members: 0, offset: 0 };
      expect(members * 4 * MiB + offset).toBeGreaterThan(reached);
      reached = members * 4 * MiB + offset;
    }
    const { body } = await client.file(fileId);
    expect(body.scanProgress).toMatchObject({ totalBytes: 2 * bytes.length });
    await system.startApp('scan-worker');
    expect(await client.until(fileId, 'available')).toMatchObject({
      sha256: sha256(bytes),
      scan: { coverage: 'windowed' },
    });
  }, 90_000);
});
