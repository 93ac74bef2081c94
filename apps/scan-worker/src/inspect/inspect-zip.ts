import { crc32 } from 'node:zlib';
import { inflate } from './inflate.js';
import { Unscannable, type Inspection } from './inspection.js';
import { readRange, type RandomAccess } from './random-access.js';
import { malformed, readZipDirectory, zip64Fields, type ZipEntry } from './zip-directory.js';

/** Looks into a member; it reads the content to its end or throws. */
export type InspectContent = (content: AsyncIterable<Buffer>, inspection: Inspection, depth: number) => Promise<void>;

const LOCAL_BYTES = 30;
/** Flags that change how the bytes are read (4.4.4): encrypted, sizes follow, strongly encrypted, masked headers. */
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const SIZES_FOLLOW = 0x0008;
const STORED = 0;
const DEFLATED = 8;
/** What a program that ignores the directory, or looks for another one, would go by. */
const SIGNATURES = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06'].map((text) => Buffer.from(text, 'latin1'));

/**
 * Unpacks every member and holds directory, local headers and real bytes against each other. Members may not overlap,
 * and nothing between them may look like a member: every program that opens the zip sees the files we saw.
 *
 * @param done members, in the order of their bytes, that were looked into before.
 */
export async function inspectZip(
  file: RandomAccess,
  inspection: Inspection,
  depth: number,
  inspectContent: InspectContent,
  done = 0,
): Promise<void> {
  const { signal, limits } = inspection;
  const { entries, start } = await readZipDirectory(file, limits.maxMembers - inspection.members + done, signal);
  for (const entry of entries) refuseUnreadable(entry, limits.maxMemberBytes);
  entries.sort((a, b) => a.offset - b.offset);
  // The last one that is done says where the bytes begin that are not.
  const rest = entries.slice(Math.max(done - 1, 0));
  let covered = done > 0 ? (rest[0]?.offset ?? 0) : 0;
  for (const [index, entry] of rest.entries()) {
    if (entry.offset < covered) throw malformed('members overlap');
    if (entry.offset + LOCAL_BYTES > start) throw malformed('a member outside of the file');
    await refuseHidden(file, covered, entry.offset, signal);
    const from = await openLocal(file, entry, start, signal);
    covered = from + entry.packed;
    if (done > 0 && index === 0) continue;
    const packed = readRange(file, from, covered, signal);
    const content = entry.method === STORED ? packed : inflate(packed, 'raw');
    await inspectContent(inspection.member(verified(content, entry)), inspection, depth + 1);
  }
  await refuseHidden(file, covered, start, signal);
}

function refuseUnreadable(entry: ZipEntry, maxBytes: number): void {
  if (entry.flags & ENCRYPTED || entry.method === 99) throw new Unscannable('archive_encrypted', 'a zip member');
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new Unscannable('archive_method', `zip method ${entry.method}`);
  }
  if (entry.size > maxBytes) throw new Unscannable('archive_member_size', `more than ${maxBytes} bytes`);
}

/** @returns where the member's packed bytes begin. */
async function openLocal(file: RandomAccess, entry: ZipEntry, end: number, signal: AbortSignal): Promise<number> {
  const header = await file.read(entry.offset, LOCAL_BYTES, signal);
  if (header.readUInt32LE(0) !== 0x04034b50) throw malformed('no local header where the directory points');
  const nameBytes = header.readUInt16LE(26);
  const from = entry.offset + LOCAL_BYTES + nameBytes + header.readUInt16LE(28);
  if (from + entry.packed > end) throw malformed('a member reaches into the directory');
  const rest = await file.read(entry.offset + LOCAL_BYTES, from - entry.offset - LOCAL_BYTES, signal);
  const flags = header.readUInt16LE(6);
  const widen = zip64Fields(rest.subarray(nameBytes));
  const size = widen(header.readUInt32LE(22));
  const packed = widen(header.readUInt32LE(18));
  const pairs = [
    [header.readUInt32LE(14), entry.crc],
    [packed, entry.packed],
    [size, entry.size],
  ];
  // 4.4.4: where the sizes follow the data, these fields are zero.
  const sizesAgree = pairs.every(([local, central]) => local === central || (flags & SIZES_FOLLOW && local === 0));
  const agree =
    sizesAgree &&
    (flags & (ENCRYPTED | SIZES_FOLLOW)) === (entry.flags & (ENCRYPTED | SIZES_FOLLOW)) &&
    header.readUInt16LE(8) === entry.method &&
    rest.subarray(0, nameBytes).equals(entry.name);
  if (!agree) throw malformed('a local header contradicts the directory');
  return from;
}

async function* verified(content: AsyncIterable<Buffer>, entry: ZipEntry): AsyncGenerator<Buffer> {
  let size = 0;
  let crc = 0;
  for await (const chunk of content) {
    size += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.size || crc !== entry.crc) throw malformed('a member is not what the directory says');
}

/** Data descriptors, padding and signing blocks lie between members; another member or directory must not. */
async function refuseHidden(file: RandomAccess, from: number, to: number, signal: AbortSignal): Promise<void> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const piece of readRange(file, from, to, signal)) {
    const bytes = Buffer.concat([carry, piece]);
    if (SIGNATURES.some((signature) => bytes.includes(signature)))
      throw malformed('something is hidden between members');
    carry = bytes.subarray(-3);
  }
}
