import type { ServedVersion } from '@custody/data';
import { contentDisposition, downloadName, fileTypeFor, OCTET_STREAM } from '@custody/domain';

/** How bytes leave us: nothing a browser could run is ever named or shown as itself (S24). */
export interface ServedAs {
  readonly contentType: string;
  readonly contentDisposition: string;
}

/** `attachment` true asks for a download; false or absent cannot make an unsafe type inline. */
export function servedAs({ mimeType, filename }: ServedVersion, attachment = false): ServedAs {
  const type = fileTypeFor(mimeType);
  const { disposition } = type;
  // Without a charset a browser would guess one.
  const shown = mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType;
  return {
    contentType: disposition === 'inline' ? shown : OCTET_STREAM,
    contentDisposition: contentDisposition(attachment ? 'attachment' : disposition, downloadName(filename, type)),
  };
}
