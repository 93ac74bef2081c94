import { isTarHeader, TAR_BLOCK_BYTES } from './tar-header.js';

/** `opaque`: packed, and only the engine can open it. `plain`: everything else, which it reads in the clear. */
export type ArchiveFormat = { kind: 'zip' | 'gzip' | 'tar' | 'plain' } | { kind: 'opaque'; name: string };

/** How much of the start of a file `archiveFormat` wants to see, if there is as much. */
export const FORMAT_HEAD_BYTES = TAR_BLOCK_BYTES;

type Signature = readonly [name: string, offset: number, hex: string];

/**
 * Measured on clamd 1.4.6: with LZMA2 and PPMd it opens a 7z, but it says OK to an EICAR inside a 7z packed with BZip2,
 * Deflate or Delta, in the second stream of a bz2, and in lzma. RAR needs a module that Debian's clamd lacks; the rest it
 * does not know. None of them can be told from a harmless file by its answer.
 */
const OPAQUE: readonly Signature[] = [
  ['7z', 0, '377abcaf271c'],
  ['rar', 0, '526172211a07'],
  ['xz', 0, 'fd377a585a00'],
  ['zstd', 0, '28b52ffd'],
  ['lz4', 0, '04224d18'],
  ['lz4 (legacy)', 0, '02214c18'],
  ['lzip', 0, '4c5a495001'],
  ['lzma', 0, '5d0000'],
  ['lzop', 0, '894c5a4f000d0a1a0a'],
  ['snappy', 0, 'ff060000734e61507059'],
  ['cab', 0, '4d534346'],
  ['wim', 0, '4d5357494d000000'],
  ['xar', 0, '78617221'],
  // An ar is not packed, but the members of a Debian package are.
  ['deb', 0, '213c617263683e0a64656269616e'],
  ['cpio', 0, '3037303730'],
  ['rpm', 0, 'edabeedb'],
  ['squashfs', 0, '68737173'],
  ['ace', 7, '2a2a4143452a2a'],
  ['zoo', 20, 'dca7c4fd'],
  ['egg', 0, '45474741'],
  ['alz', 0, '414c5a01'],
  ['zpaq', 0, '7a5051'],
];
const BZIP2_EMPTY = '177245385090';
const LHA = /^-(?:lh\w|lz\w|pm\w)-$/;

/** @param head the first {@link FORMAT_HEAD_BYTES} bytes, or the whole of a shorter file. */
export function archiveFormat(head: Buffer): ArchiveFormat {
  if (startsWith(head, 0, '504b0304') || startsWith(head, 0, '504b0506') || startsWith(head, 0, '504b0708')) {
    return { kind: 'zip' };
  }
  if (startsWith(head, 0, '1f8b')) return { kind: 'gzip' };
  if (isTarHeader(head)) return { kind: 'tar' };
  const name = OPAQUE.find(([, offset, hex]) => startsWith(head, offset, hex))?.[0] ?? opaqueByPattern(head);
  return name === undefined ? { kind: 'plain' } : { kind: 'opaque', name };
}

/** The formats whose signature has a variable byte in it. */
function opaqueByPattern(head: Buffer): string | undefined {
  if (startsWith(head, 0, '425a68') && (startsWith(head, 4, '314159265359') || startsWith(head, 4, BZIP2_EMPTY))) {
    return 'bzip2';
  }
  // Two bytes are too few to go by: the flags of compress, the header size of ARJ.
  if (startsWith(head, 0, '1f9d') && ((head[2] ?? 0) & 0x7f) <= 16) return 'compress';
  if (startsWith(head, 0, '60ea') && head.length > 4 && head.readUInt16LE(2) <= 2600) return 'arj';
  if (LHA.test(head.toString('latin1', 2, 7))) return 'lha';
  // Skippable frames, which may come first in zstd and lz4.
  return startsWith(head, 1, '2a4d18') && (head.readUInt8(0) & 0xf0) === 0x50 ? 'zstd' : undefined;
}

function startsWith(head: Buffer, offset: number, hex: string): boolean {
  return head.toString('hex', offset, offset + hex.length / 2) === hex;
}
