import { fileTypeFromBuffer } from 'file-type';

/** Bytes from the start of a file that `sniffMimeType` wants: an Office document names itself behind its first zip members. */
export const SNIFF_BYTES = 64 * 1024;

/**
 * The MIME type that the first bytes of a file speak for, as its essence; null when they carry no magic number. Never
 * throws on hostile bytes: what cannot be parsed has no type.
 */
export async function sniffMimeType(head: Uint8Array): Promise<string | null> {
  if (head.length === 0) return null;
  try {
    const type = await fileTypeFromBuffer(head);
    return type?.mime.split(';', 1)[0]?.toLowerCase() ?? null;
  } catch (error) {
    // The detectors follow lengths written in the bytes and run over the end of a head that was cut.
    if (error instanceof Error) return null;
    throw error;
  }
}
