export const TAR_BLOCK_BYTES = 512;

/** One header block of a tar (POSIX ustar, GNU, or the old V7 form, which has no magic). */
export interface TarHeader {
  type: string;
  /** Of the content that follows, unpadded. */
  size: number;
}

/** A header is known by its checksum alone, as tar(1) itself does. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < TAR_BLOCK_BYTES || block[0] === 0) return false;
  const said = octal(block, 148, 8);
  return said !== undefined && said === checksum(block);
}

/** @returns `undefined` when the size is no number we accept. */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  const size = block.readUInt8(124) & 0x80 ? base256(block) : octal(block, 124, 12);
  return size === undefined ? undefined : { type: String.fromCharCode(block.readUInt8(156)), size };
}

/** The sum of all bytes, with spaces in place of the checksum itself. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < TAR_BLOCK_BYTES; i += 1) if (i < 148 || i >= 156) sum += block.readUInt8(i);
  return sum;
}

function octal(block: Buffer, at: number, length: number): number | undefined {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(block.toString('latin1', at, at + length))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** GNU's form for 8 GiB and more, read only as far as numbers are exact. */
function base256(block: Buffer): number | undefined {
  const high = block.subarray(125, 130);
  return block[124] === 0x80 && high.every((byte) => byte === 0) ? block.readUIntBE(130, 6) : undefined;
}
