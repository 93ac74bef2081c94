import { archiveFormat, FORMAT_HEAD_BYTES } from './archive-format.js';
import { ByteReader } from './byte-reader.js';
import { inflate } from './inflate.js';
import type { archiveKind } from './inspect-archive.js';
import { inspectTar } from './inspect-tar.js';
import { inspectZip } from './inspect-zip.js';
import type { Inspection } from './inspection.js';
import { readRange, type RandomAccess } from './random-access.js';
import { TAR_BLOCK_BYTES } from './tar-header.js';

/** How far a walk has come: members that are done, and in a tar where the next one begins (of a tar.gz, unpacked). */
export interface WalkPlace {
  readonly members: number;
  readonly position: number;
}

/**
 * Looks at one file of the archive; it reads the content to its end or throws.
 * @param position asked once that was done, gives the next place's.
 */
export type Visit = (content: AsyncIterable<Buffer>, position: () => number) => Promise<void>;

/**
 * Opens the outermost level of an archive of any size, as strictly as `inspectArchive` does, and shows every file in it, from `place` on. Of a
 * gzip what lies before `place` is unpacked again and shown to nobody. Memory is flat.
 * @throws Unscannable, the signal's reason, and the errors of `file` and `visit`.
 */
export async function walkArchive(
  file: RandomAccess,
  kind: Exclude<Awaited<ReturnType<typeof archiveKind>>, 'plain'>,
  inspection: Inspection,
  place: WalkPlace,
  visit: Visit,
): Promise<void> {
  const { signal } = inspection;
  inspection.enter(1);
  switch (kind) {
    case 'zip':
      return inspectZip(file, inspection, 1, (content) => visit(content, () => 0), place.members);
    case 'tar':
      return walkTar(
        new ByteReader(readRange(file, place.position, file.size, signal)),
        place.position,
        inspection,
        visit,
      );
    case 'gzip':
      return walkGzip(new ByteReader(inflate(readRange(file, 0, file.size, signal), 'gzip')), inspection, place, visit);
  }
}

async function walkGzip(reader: ByteReader, inspection: Inspection, place: WalkPlace, visit: Visit): Promise<void> {
  const { kind } = archiveFormat(await reader.peek(FORMAT_HEAD_BYTES));
  if (kind !== 'tar') return visitRest(reader, inspection, visit);
  inspection.enter(2);
  for await (const _ of reader.through(place.position)) inspection.signal.throwIfAborted();
  return walkTar(reader, 0, inspection, visit);
}

async function visitRest(reader: ByteReader, inspection: Inspection, visit: Visit): Promise<void> {
  try {
    await visit(inspection.member(reader.through()), () => 0);
  } finally {
    await reader.close();
  }
}

/** @param start of the reader's first byte in the tar. */
async function walkTar(reader: ByteReader, start: number, inspection: Inspection, visit: Visit): Promise<void> {
  const position = () => Math.ceil((start + reader.taken) / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
  try {
    await inspectTar(reader, inspection, 1, (content) => visit(content, position));
  } finally {
    await reader.close();
  }
}
