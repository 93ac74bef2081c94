import { tmpdir } from 'node:os';
import { readdir } from 'node:fs/promises';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { buildTar, buildZip, tarHeader, type ZipMember } from '@custody/testing';
import { inspectArchive } from './inspect-archive.js';
import { INSPECTION_DEFAULTS, type InspectionLimits } from './inspection.js';
import type { RandomAccess } from './random-access.js';

const forever = new AbortController().signal;
const limits: InspectionLimits = {
  ...INSPECTION_DEFAULTS,
  maxMembers: 100,
  maxMemberBytes: 1_000_000,
  maxTotalBytes: 3_000_000,
  ratioFloorBytes: 2_000_000,
  scratchDirectory: tmpdir(),
};
const access = (bytes: Buffer): RandomAccess => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
const inspect = (bytes: Buffer, changed: Partial<InspectionLimits> = {}) =>
  inspectArchive(access(bytes), { ...limits, ...changed }, forever);
const refused = (reason: string, detail = '') => ({
  kind: 'unscannable',
  reason,
  detail: expect.stringContaining(detail) as string,
});

const text: ZipMember = { name: 'a.txt', data: Buffer.from('hello '.repeat(100)) };
const other: ZipMember = { name: 'b.txt', data: Buffer.from('world'), method: 0 };
const zeros = (size: number): ZipMember => ({ name: 'z', data: Buffer.alloc(size) });
const inZip = (data: Buffer, method = 8): Buffer => buildZip([{ name: 'inner', data, method }]);

describe('an honest file passes', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['text', text.data, 0],
    ['static library', Buffer.from('!<arch>\nmember.o/       '), 0],
    ['zip', buildZip([text, other, { name: 'dir/', data: Buffer.alloc(0), method: 0 }]), 3],
    ['empty zip', buildZip([]), 0],
    ['zip with a comment', buildZip([text], { comment: Buffer.from('made by hand') }), 1],
    ['zip with a stub in front', buildZip([{ ...text, before: Buffer.from('#!/bin/sh\n') }]), 1],
    ['zip in zip in zip', inZip(inZip(buildZip([text]), 0)), 3],
    ['gz', gzipSync(text.data), 1],
    ['gz of several parts', Buffer.concat([gzipSync(text.data), gzipSync(other.data)]), 1],
    ['tar', buildTar([text, other]), 2],
    ['tar with a zip', buildTar([text, { name: 'b.zip', data: buildZip([text, other]) }, other]), 5],
    ['tar.gz', gzipSync(buildTar([text, { name: 'b.zip', data: buildZip([text]) }])), 4],
  ])('%s', async (_, bytes, members) => {
    expect(await inspect(bytes)).toMatchObject({ kind: 'ok', members });
  });

  it('reads head and tail only of what is no archive', async () => {
    let read = 0;
    const size = 2 ** 40;
    const plain: RandomAccess = { size, read: async (_, length) => ((read += length), Buffer.alloc(length, 'x')) };
    expect(await inspectArchive(plain, limits, forever)).toEqual({ kind: 'ok', members: 0, bytes: 0 });
    expect(read).toBeLessThan(2 ** 21);
  });
});

describe('too much of anything (S13)', () => {
  it.each([
    ['archive_member_size', buildZip([text, zeros(1_000_001)])],
    ['archive_member_size', inZip(buildZip([zeros(1_000_001)]))],
    ['archive_member_size', gzipSync(Buffer.alloc(1_000_001))],
    ['archive_member_size', gzipSync(buildTar([{ name: 'z', data: Buffer.alloc(1_000_001) }]))],
    ['archive_total_size', buildZip(Array.from({ length: 4 }, () => zeros(900_000)))],
    ['archive_members', buildZip(Array.from({ length: 101 }, () => other))],
    ['archive_members', gzipSync(buildTar(Array.from({ length: 101 }, () => other)))],
    [
      'archive_members',
      buildZip([
        ...Array.from({ length: 60 }, () => other),
        { name: 'n', data: buildZip(Array.from({ length: 60 }, () => other)) },
      ]),
    ],
    ['archive_depth', [1, 2, 3, 4, 5, 6, 7].reduce((inner) => inZip(inner), text.data)],
    ['archive_depth', [1, 2, 3, 4, 5, 6, 7].reduce((inner) => gzipSync(inner), text.data)],
  ])('%s', async (reason, bytes) => {
    expect(await inspect(bytes, { maxRatio: Infinity })).toEqual(refused(reason));
  });

  it('archive_ratio', async () => {
    const bomb = buildZip(Array.from({ length: 3 }, () => zeros(900_000)));
    expect(await inspect(bomb)).toEqual(refused('archive_ratio'));
    expect(await inspect(bomb, { maxRatio: 2_000 })).toMatchObject({ kind: 'ok' });
  });

  it('is found while unpacking, not after: a member that inflates for ever is given up at the limit', async () => {
    const packed = deflateRawSync(Buffer.alloc(50_000_000));
    const lie = buildZip([{ name: 'z', data: Buffer.alloc(10), packed }]);
    expect(await inspect(lie)).toEqual(refused('archive_member_size'));
  });
});

describe('a lying zip (S13)', () => {
  const hidden = Buffer.from('not in the directory');
  it.each<[string, Buffer, string]>([
    ['declares less than there is', buildZip([{ ...text, central: { size: 5 }, local: { size: 5 } }]), 'not what'],
    ['declares another checksum', buildZip([{ ...text, central: { crc: 1 }, local: { crc: 1 } }]), 'not what'],
    ['says one size here and another there', buildZip([{ ...text, local: { size: 5 } }]), 'contradicts'],
    ['says one name here and another there', buildZip([{ ...text, local: { name: 'a.exe' } }]), 'contradicts'],
    ['says one method here and another there', buildZip([{ ...other, central: { method: 8 } }]), 'contradicts'],
    [
      'has bytes behind the packed data',
      buildZip([{ ...text, packed: Buffer.concat([deflateRawSync(text.data), hidden]) }]),
      'after the end',
    ],
    ['has packed data that are none', buildZip([{ ...text, packed: Buffer.from('nonsense') }]), ''],
    ['has packed data cut short', buildZip([{ ...text, packed: deflateRawSync(text.data).subarray(0, 8) }]), ''],
    ['leaves a member out', buildZip([text, other, text], { hidden: (name) => name === 'b.txt' }), 'hidden'],
    ['hides a member before the first', buildZip([{ ...text, before: buildZip([other]) }]), 'hidden'],
    ['hides a directory before its own', buildZip([text], { beforeDirectory: buildZip([]) }), 'hidden'],
    ['names a member twice', buildZip([text, { ...text, central: { offset: 0 } }]), 'overlap'],
    ['says fewer entries', buildZip([text, other], { count: 1 }), 'entries'],
    ['says more entries', buildZip([text, other], { count: 3 }), 'entries'],
    ['points outside', buildZip([{ ...text, central: { offset: 0xfffffff } }]), ''],
    ['reaches into the directory', buildZip([{ ...other, central: { packed: 60, size: 60 } }]), ''],
    ['is cut short', buildZip([text, other]).subarray(0, -1), 'no end record'],
    ['has something behind it', Buffer.concat([buildZip([text]), hidden]), 'no end record'],
    ['has a second end in the comment', buildZip([text], { comment: buildZip([]) }), ''],
  ])('%s', async (_, bytes, detail) => {
    expect(await inspect(bytes)).toEqual(refused('archive_malformed', detail));
  });
});

describe('what the engine may skip without a word', () => {
  it.each([1, 6, 9, 12, 14, 93, 95, 98])('zip method %i', async (method) => {
    expect(await inspect(buildZip([{ ...text, method }]))).toEqual(refused('archive_method', String(method)));
  });

  it.each([0x0001, 0x0041, 0x2000])('zip flags %i: encrypted (S14)', async (flags) => {
    expect(await inspect(buildZip([{ ...text, flags }]))).toEqual(refused('archive_encrypted'));
  });

  it.each([
    ['7z', '377abcaf271c0004'],
    ['rar', '526172211a0700cf'],
    ['rar', '526172211a070100'],
    ['xz', 'fd377a585a000004'],
    ['bzip2', '425a683931415926535900'],
    ['zstd', '28b52ffd04'],
    ['zstd', '502a4d1800'],
    ['lz4', '04224d18'],
    ['lzma', '5d00008000ffffffffffffffff'],
    ['compress', '1f9d90'],
    ['lha', '20002d6c68352d'],
    ['arj', '60ea2c00221e'],
    ['deb', Buffer.from('!<arch>\ndebian-binary   ').toString('hex')],
  ])('%s, also inside a zip, a tar and a gz', async (name, hex) => {
    const bytes = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(64)]);
    for (const each of [bytes, inZip(bytes), gzipSync(bytes), buildTar([text, { name: 'x', data: bytes }])]) {
      expect(await inspect(each)).toEqual(refused('archive_format', name));
    }
  });

  it('a disk image that is packed', async () => {
    const image = Buffer.alloc(2_048);
    image.write('koly', 2_048 - 512);
    expect(await inspect(image)).toEqual(refused('archive_format', 'dmg'));
  });

  it('a zip behind another face (S20): unpacked at the top, refused inside', async () => {
    const pdf = buildZip([{ ...zeros(1_000_001), before: Buffer.from('%PDF-1.7\n') }]);
    expect(await inspect(pdf)).toEqual(refused('archive_member_size'));
    expect(await inspect(inZip(pdf))).toEqual(refused('archive_malformed'));
  });
});

describe('a tar that programs read differently', () => {
  const pax = (record: string) => ({ name: 'pax', type: 'x', data: Buffer.from(record) });
  it.each<[string, Buffer]>([
    ['is cut short', buildTar([text]).subarray(0, 700)],
    ['goes on after its end', Buffer.concat([buildTar([text]), buildTar([other])])],
    ['has another size in its pax header', buildTar([pax('9 size=1\n'), text])],
    ['is sparse', buildTar([{ ...text, type: 'S' }])],
    ['gives a directory content', buildTar([{ ...text, type: '5' }])],
    ['has a broken header', Buffer.concat([buildTar([text]).subarray(0, 1536), tarHeader('x', 1, '0').fill(1, 0, 4)])],
  ])('%s', async (_, bytes) => {
    expect(await inspect(bytes)).toEqual(refused('archive_malformed', 'tar'));
  });

  it('passes with harmless pax headers', async () => {
    expect(await inspect(buildTar([pax('20 path=some/where\n'), text]))).toMatchObject({ kind: 'ok', members: 1 });
  });
});

describe('the inspection', () => {
  it('passes on errors of the store and the reason of the signal', async () => {
    const zip = buildZip([text]);
    const broken: RandomAccess = { size: zip.length, read: () => Promise.reject(new Error('503')) };
    await expect(inspectArchive(broken, limits, forever)).rejects.toThrow('503');
    const short: RandomAccess = { size: zip.length + 9, read: access(zip).read };
    await expect(inspectArchive(short, limits, forever)).rejects.toThrow('read');
    await expect(inspectArchive(access(zip), limits, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('leaves no scratch file behind', async () => {
    await inspect(inZip(buildZip([zeros(1_000_001)])));
    await inspect(inZip(buildZip([text])));
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('inspect-'))).toEqual([]);
  });

  it('never fails on a damaged archive, and takes none for whole whose content changed', async () => {
    const zip = buildZip([text, other, { name: 'n.zip', data: buildZip([text]) }]);
    const whole = { kind: 'ok', members: 4 };
    expect(await inspect(zip)).toMatchObject(whole);
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(zip);
        damaged[at]! ^= flip;
        const result = await inspect(damaged);
        // What may change unnoticed carries no content: versions, times, attributes, plain flags, an entry's names aside.
        if (result.kind === 'ok') expect(result).toMatchObject(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never fails on random bytes behind a known head', async () => {
    const heads = fc.constantFrom('504b0304', '504b0506', '1f8b08', '1f8b0800000000000003', '');
    await fc.assert(
      fc.asyncProperty(heads, fc.uint8Array({ maxLength: 1_000 }), async (head, rest) => {
        const result = await inspect(Buffer.concat([Buffer.from(head, 'hex'), rest]));
        if (head !== '') expect(result.kind).toBe('unscannable');
      }),
    );
  });
});
