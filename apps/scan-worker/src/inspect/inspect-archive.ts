import { archiveFormat, FORMAT_HEAD_BYTES } from './archive-format.js';
import { ByteReader } from './byte-reader.js';
import { inflate } from './inflate.js';
import { inspectTar } from './inspect-tar.js';
import { inspectZip } from './inspect-zip.js';
import { Inspection, Unscannable, type InspectionLimits, type InspectionResult } from './inspection.js';
import { LastBytes } from './last-bytes.js';
import { BlockReader, readRange, type RandomAccess } from './random-access.js';
import { withScratchFile } from './scratch-file.js';
import { findZipEnd, ZIP_TAIL_BYTES } from './zip-directory.js';

const DISK_IMAGE_TRAILER_BYTES = 512;

/**
 * Looks for what an engine that answered OK may not have seen (S13): it cuts a zip member at its `MaxFileSize` and skips
 * some packing methods, both without a word. Zip and its family, gzip and tar are really unpacked, within bounds, down
 * to `maxDepth`; other packed formats are not opened, so they cannot be called clean. What is not packed passes: the
 * engine read it in the clear.
 *
 * Memory is flat (a few blocks, and the directory of a zip up to 16 MB); a zip inside an archive goes to a scratch file.
 * For a file that is no archive it reads some of the first and the last 64 KB only, which a caller who has read the file before
 * can have kept. Time is bounded by the byte limits and by `signal`; running out of time is no verdict.
 *
 * @throws the signal's reason, and errors of `file` and of the scratch file. They are no statement about the content.
 */
export async function inspectArchive(
  file: RandomAccess,
  limits: InspectionLimits,
  signal: AbortSignal,
): Promise<InspectionResult> {
  const inspection = new Inspection(limits, signal, file.size);
  try {
    await inspectFile(file, inspection);
    return { kind: 'ok', members: inspection.members, bytes: inspection.bytes };
  } catch (error) {
    if (error instanceof Unscannable) return { kind: 'unscannable', reason: error.reason, detail: error.detail };
    throw error;
  }
}

/**
 * What a file has to be opened as, by its head and its tail, at whatever size; `plain`: it is no archive.
 * @throws Unscannable for what is packed and cannot be opened.
 */
export async function archiveKind(file: RandomAccess, signal: AbortSignal): Promise<'zip' | 'gzip' | 'tar' | 'plain'> {
  const format = archiveFormat(await file.read(0, Math.min(FORMAT_HEAD_BYTES, file.size), signal));
  if (format.kind === 'opaque') throw new Unscannable('archive_format', format.name);
  if (format.kind !== 'plain') return format.kind;
  const tailBytes = Math.min(file.size, ZIP_TAIL_BYTES);
  return endsLikeAnArchive(await file.read(file.size - tailBytes, tailBytes, signal)) ? 'zip' : 'plain';
}

async function inspectFile(file: RandomAccess, inspection: Inspection): Promise<void> {
  const { signal } = inspection;
  const kind = await archiveKind(file, signal);
  if (kind === 'plain') return;
  const blocks = new BlockReader(file);
  if (kind !== 'zip') return inspectContent(readRange(blocks, 0, file.size, signal), inspection, 1);
  inspection.enter(1);
  await inspectZip(blocks, inspection, 1, inspectContent);
}

/** Looks into bytes as they come, archives in them included; it reads them to their end or throws. */
export async function inspectContent(
  content: AsyncIterable<Buffer>,
  inspection: Inspection,
  depth: number,
): Promise<void> {
  const reader = new ByteReader(content);
  try {
    const format = archiveFormat(await reader.peek(FORMAT_HEAD_BYTES));
    if (format.kind === 'opaque') throw new Unscannable('archive_format', format.name);
    if (format.kind === 'plain') await refuseDisguised(reader.through());
    else await unpack(format.kind, reader, inspection, depth);
  } finally {
    await reader.close();
  }
}

async function unpack(
  kind: 'zip' | 'gzip' | 'tar',
  reader: ByteReader,
  inspection: Inspection,
  depth: number,
): Promise<void> {
  inspection.enter(depth);
  switch (kind) {
    case 'tar':
      return inspectTar(reader, inspection, depth, inspectContent);
    case 'gzip':
      return inspectContent(inspection.member(inflate(reader.through(), 'gzip')), inspection, depth + 1);
    case 'zip':
      return withScratchFile(inspection.limits.scratchDirectory, reader.through(), (file) =>
        inspectZip(new BlockReader(file), inspection, depth, inspectContent),
      );
  }
}

/** Reads a member to its end and refuses one that begins as something else but ends as a zip. */
async function refuseDisguised(content: AsyncIterable<Buffer>): Promise<void> {
  const last = new LastBytes(ZIP_TAIL_BYTES);
  for await (const chunk of content) last.add(chunk);
  if (endsLikeAnArchive(last.take())) {
    throw new Unscannable('archive_malformed', 'a member that is a zip only at its end');
  }
}

/** @throws Unscannable for a disk image of macOS, which has its signature 512 bytes before the end. */
function endsLikeAnArchive(tail: Buffer): boolean {
  if (
    tail.length >= DISK_IMAGE_TRAILER_BYTES &&
    tail.subarray(-DISK_IMAGE_TRAILER_BYTES).toString('latin1', 0, 4) === 'koly'
  ) {
    throw new Unscannable('archive_format', 'dmg');
  }
  return findZipEnd(tail) >= 0;
}
