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
    return type?.mime.split(';', 1)[0]?.toLowerCase() ?? (isSvg(head) ? 'image/svg+xml' : null);
  } catch (error) {
    // The detectors follow lengths written in the bytes and run over the end of a head that was cut.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Bytes from the start in which the root element has to appear: comments before it are no reason to read on for ever. */
const ROOT_BYTES = 4 * 1024;

/** SVG without an XML declaration has no magic number: its root element speaks for it (SVG 2, 5.1.2). */
function isSvg(head: Uint8Array): boolean {
  let text = new TextDecoder('utf-8').decode(head.subarray(0, ROOT_BYTES)).trimStart();
  for (;;) {
    const end = text.startsWith('<!--') ? text.indexOf('-->') + 2 : /^<!doctype/i.test(text) ? text.indexOf('>') : 0;
    if (end < 2) break;
    text = text.slice(end + 1).trimStart();
  }
  return /^<(?:[a-z]+:)?svg[\s/>]/.test(text);
}
