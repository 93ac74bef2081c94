import { Unscannable } from './inspection.js';
import type { RandomAccess } from './random-access.js';

/** One entry of the central directory (APPNOTE 4.3.12), 64-bit fields resolved. */
export interface ZipEntry {
  /** Of its local header, from the start of the file. */
  offset: number;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  name: Buffer;
}

export interface ZipDirectory {
  entries: ZipEntry[];
  /** Where the central directory begins; members end before it. */
  start: number;
}

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
/** The end record with the longest possible comment. */
export const ZIP_TAIL_BYTES = END_BYTES + 0xffff;
const END = Buffer.from('PK\x05\x06', 'latin1');
/** Names and extra fields of 10,000 entries fit many times over; more is made to fill memory. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;

export function malformed(detail: string): Unscannable {
  return new Unscannable('archive_malformed', `zip: ${detail}`);
}

/**
 * Finds the end record (4.3.16) whose comment reaches exactly to the end of the file.
 * @param tail the last {@link ZIP_TAIL_BYTES} bytes or more, or the whole of a shorter file.
 * @returns where it begins within `tail`, -1 if there is none.
 */
export function findZipEnd(tail: Buffer): number {
  // Its fixed part has to fit behind where it begins.
  const places = tail.subarray(0, Math.max(0, tail.length - END_BYTES + END.length));
  for (let at = places.lastIndexOf(END); at >= 0; at = places.subarray(0, at + END.length - 1).lastIndexOf(END)) {
    if (at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}

/**
 * Reads the central directory. It must be the only one that any program could find: right before its end record, as
 * long as that says, with as many entries.
 * @throws Unscannable
 */
export async function readZipDirectory(
  file: RandomAccess,
  maxEntries: number,
  signal: AbortSignal,
): Promise<ZipDirectory> {
  const { start, end, count } = await locate(file, signal);
  if (count > maxEntries) throw new Unscannable('archive_members', `more than ${maxEntries}`);
  if (start > end) throw malformed('the directory ends before it begins');
  if (end - start > MAX_DIRECTORY_BYTES) throw new Unscannable('archive_members', 'a directory of too many bytes');
  const bytes = await file.read(start, end - start, signal);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { entry, length } = readEntry(bytes.subarray(at));
    entries.push(entry);
    at += length;
  }
  if (entries.length !== count) throw malformed(`${entries.length} entries where ${count} are said to be`);
  return { entries, start };
}

interface Location {
  start: number;
  end: number;
  count: number;
}

async function locate(file: RandomAccess, signal: AbortSignal): Promise<Location> {
  const tailBytes = Math.min(file.size, ZIP_TAIL_BYTES);
  const tail = await file.read(file.size - tailBytes, tailBytes, signal);
  const at = findZipEnd(tail);
  if (at < 0) throw malformed('no end record at the end of the file');
  const record = tail.subarray(at);
  if (record.indexOf('PK\x05\x06', 4, 'latin1') > 0) throw malformed('an end record inside the comment');
  const position = file.size - tailBytes + at;
  const said = {
    count: record.readUInt16LE(10),
    bytes: record.readUInt32LE(12),
    start: record.readUInt32LE(16),
  };
  const locator =
    position >= LOCATOR_BYTES ? await file.read(position - LOCATOR_BYTES, LOCATOR_BYTES, signal) : undefined;
  if (locator?.readUInt32LE(0) === 0x07064b50) return locate64(file, locator, position - LOCATOR_BYTES, said, signal);
  const disks = [record.readUInt16LE(4), record.readUInt16LE(6), record.readUInt16LE(8) - said.count];
  if (disks.some((each) => each !== 0)) throw malformed('one of several disks');
  if (said.start + said.bytes !== position) throw malformed('the directory does not end at its end record');
  return { start: said.start, end: position, count: said.count };
}

/** 4.3.14 and 4.3.15. What the short record says must agree unless it says "see there". */
async function locate64(
  file: RandomAccess,
  locator: Buffer,
  position: number,
  said: { count: number; bytes: number; start: number },
  signal: AbortSignal,
): Promise<Location> {
  const offset = exact(locator.readBigUInt64LE(8));
  if (offset + END64_BYTES !== position) throw malformed('the zip64 record is not before its locator');
  const record = await file.read(offset, END64_BYTES, signal);
  if (record.readUInt32LE(0) !== 0x06064b50) throw malformed('no zip64 record where the locator points');
  const count = exact(record.readBigUInt64LE(32));
  const bytes = exact(record.readBigUInt64LE(40));
  const start = exact(record.readBigUInt64LE(48));
  const agree =
    (said.count === 0xffff || said.count === count) &&
    (said.bytes === 0xffffffff || said.bytes === bytes) &&
    (said.start === 0xffffffff || said.start === start);
  if (!agree || start + bytes !== offset) throw malformed('the two end records disagree');
  return { start, end: offset, count };
}

function readEntry(bytes: Buffer): { entry: ZipEntry; length: number } {
  if (bytes.length < 46 || bytes.readUInt32LE(0) !== 0x02014b50) throw malformed('no entry where one should be');
  const nameBytes = bytes.readUInt16LE(28);
  const extraBytes = bytes.readUInt16LE(30);
  const length = 46 + nameBytes + extraBytes + bytes.readUInt16LE(32);
  if (length > bytes.length) throw malformed('an entry reaches beyond the directory');
  const extra = bytes.subarray(46 + nameBytes, 46 + nameBytes + extraBytes);
  const widen = zip64Fields(extra);
  const size = widen(bytes.readUInt32LE(24));
  const packed = widen(bytes.readUInt32LE(20));
  const entry: ZipEntry = {
    offset: widen(bytes.readUInt32LE(42)),
    flags: bytes.readUInt16LE(8),
    method: bytes.readUInt16LE(10),
    crc: bytes.readUInt32LE(16),
    packed,
    size,
    name: bytes.subarray(46, 46 + nameBytes),
  };
  return { entry, length };
}

/**
 * 4.5.3: each field that is all ones has its value in the extra field with id 1, in the order size, packed size, offset.
 * @returns what reads one field; call it in that order.
 */
export function zip64Fields(extra: Buffer): (field: number) => number {
  let at = 0;
  return (field) => {
    const wide = field === 0xffffffff ? zip64Extra(extra) : undefined;
    if (wide === undefined) return field;
    if (at + 8 > wide.length) throw malformed('a 64-bit field is missing');
    at += 8;
    return exact(wide.readBigUInt64LE(at - 8));
  };
}

function zip64Extra(extra: Buffer): Buffer | undefined {
  // Up to three bytes may trail: zipalign pads with them.
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) throw malformed('an extra field reaches beyond its entry');
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function exact(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('a number beyond any file');
  return Number(value);
}
