import type { ByteReader } from './byte-reader.js';
import type { InspectContent } from './inspect-zip.js';
import { Unscannable, type Inspection } from './inspection.js';
import { isTarHeader, readTarHeader, TAR_BLOCK_BYTES, type TarHeader } from './tar-header.js';

const MAX_META_BYTES = 1024 * 1024;
/** Records that change where the content ends, or what it stands for. */
const MOVES_BOUNDS = /(?:^|\n)\d+ (?:size|GNU\.sparse\.[^=\n]*)=/;

/** Walks a tar (POSIX ustar and pax, GNU) member by member. Forms that tar programs disagree on are refused. */
export async function inspectTar(
  reader: ByteReader,
  inspection: Inspection,
  depth: number,
  inspectContent: InspectContent,
): Promise<void> {
  for (;;) {
    const block = await reader.take(TAR_BLOCK_BYTES);
    if (block.length === 0) return;
    if (block.every((byte) => byte === 0)) return refuseHidden(reader);
    const header = isTarHeader(block) ? readTarHeader(block) : undefined;
    if (header === undefined) throw malformed('no header where one should be');
    await inspectMember(header, reader, inspection, depth, inspectContent);
    const padding = await reader.take(-header.size & (TAR_BLOCK_BYTES - 1));
    if (padding.some((byte) => byte !== 0)) throw malformed('bytes in the padding');
  }
}

async function inspectMember(
  header: TarHeader,
  reader: ByteReader,
  inspection: Inspection,
  depth: number,
  inspectContent: InspectContent,
): Promise<void> {
  const { type, size } = header;
  if (type === '0' || type === '\0' || type === '7') {
    return inspectContent(inspection.member(whole(reader, size)), inspection, depth + 1);
  }
  if (['x', 'g', 'X', 'L', 'K'].includes(type)) return readMeta(type, size, reader);
  if (!/[1-6V]/.test(type) || size !== 0) throw malformed('a member of a kind that programs read differently');
}

async function readMeta(type: string, size: number, reader: ByteReader): Promise<void> {
  if (size > MAX_META_BYTES) throw malformed('a very long header');
  const bytes = await reader.take(size);
  if (bytes.length < size) throw malformed('cut short');
  if (type !== 'L' && type !== 'K' && MOVES_BOUNDS.test(bytes.toString('latin1'))) {
    throw malformed('a header that changes the size of a member');
  }
}

async function* whole(reader: ByteReader, size: number): AsyncGenerator<Buffer> {
  let got = 0;
  for await (const chunk of reader.through(size)) {
    got += chunk.length;
    yield chunk;
  }
  if (got !== size) throw malformed('cut short');
}

/** Some programs read on after the closing blocks. */
async function refuseHidden(reader: ByteReader): Promise<void> {
  for await (const chunk of reader.through()) {
    if (chunk.some((byte) => byte !== 0)) throw malformed('bytes after its end');
  }
}

function malformed(detail: string): Unscannable {
  return new Unscannable('archive_malformed', `tar: ${detail}`);
}
