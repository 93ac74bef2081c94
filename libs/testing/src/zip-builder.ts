import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a zip. Everything after `data` exists to lie with. */
export interface ZipMember {
  name: string;
  data: Buffer;
  /** 0 stored, 8 deflated (the default); any other is written as a label over stored bytes. */
  method?: number;
  /** General purpose bit flags; bit 0 says encrypted. */
  flags?: number;
  /** What the central directory says. */
  central?: Partial<ZipSizes> & { name?: string; offset?: number; method?: number };
  /** What the local header says. */
  local?: Partial<ZipSizes> & { name?: string };
  /** Written in front of the local header, so no entry covers it. */
  before?: Buffer;
  /** Replaces the compressed bytes. */
  packed?: Buffer;
}

interface ZipSizes {
  crc: number;
  packed: number;
  size: number;
}

export interface ZipOptions {
  /** Left out of the central directory although its bytes are there. */
  hidden?: (name: string) => boolean;
  comment?: Buffer;
  /** Put between the last member and the central directory. */
  beforeDirectory?: Buffer;
  /** Number of entries the end record claims. */
  count?: number;
}

/** Builds a zip (APPNOTE 4.3) in memory: an honest one unless told otherwise. */
export function buildZip(members: ZipMember[], options: ZipOptions = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const put = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const member of members) {
    if (member.before) put(member.before);
    const method = member.method ?? 8;
    const packed = member.packed ?? (method === 8 ? deflateRawSync(member.data) : member.data);
    const truth = { crc: crc32(member.data), packed: packed.length, size: member.data.length };
    const fixed = { flags: member.flags ?? 0, method };
    if (!options.hidden?.(member.name)) {
      const said = { ...fixed, ...truth, offset: at, name: member.name, ...member.central };
      directory.push(centralHeader(said, said.offset, said.name));
    }
    put(localHeader({ ...fixed, ...truth, ...member.local }, member.local?.name ?? member.name));
    put(packed);
  }
  if (options.beforeDirectory) put(options.beforeDirectory);
  const size = directory.reduce((sum, each) => sum + each.length, 0);
  const end = endRecord(options.count ?? directory.length, size, at, options.comment ?? Buffer.alloc(0));
  return Buffer.concat([...parts, ...directory, end]);
}

interface Said extends ZipSizes {
  flags: number;
  method: number;
}

function localHeader(said: Said, name: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeSaid(header, 4, said, name);
  return Buffer.concat([header, Buffer.from(name)]);
}

function centralHeader(said: Said, offset: number, name: string): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  writeSaid(header, 6, said, name);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, Buffer.from(name)]);
}

/** The run of fields that both headers share, from "version needed" to the length of the name. */
function writeSaid(header: Buffer, at: number, said: Said, name: string): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(said.flags, at + 2);
  header.writeUInt16LE(said.method, at + 4);
  header.writeUInt32LE(said.crc, at + 10);
  header.writeUInt32LE(said.packed, at + 14);
  header.writeUInt32LE(said.size, at + 18);
  header.writeUInt16LE(Buffer.byteLength(name), at + 22);
}

function endRecord(count: number, size: number, offset: number, comment: Buffer): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, comment]);
}
