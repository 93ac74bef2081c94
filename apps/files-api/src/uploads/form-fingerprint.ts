import { fingerprintOf } from '../idempotency/fingerprint.js';
import type { ReceivedFile } from './stage-upload.service.js';

/** Of a form whatever its boundary and the order of its parts: the fields, and the file's name, type and bytes. */
export function formFingerprint(fields: Readonly<Record<string, unknown>>, { part, sha256 }: ReceivedFile): string {
  const { filename, mimeType } = part;
  return fingerprintOf('POST', '/v1/files/upload', { fields, file: { filename, mimeType, sha256 } });
}
