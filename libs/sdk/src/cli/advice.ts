import { isCustodyError } from '../errors.js';
import type { CustodyErrorCode } from '../errors.js';
import type { FileMetadata, RejectReason } from '../types.js';

const NEXT: Partial<Record<CustodyErrorCode, string>> = {
  UNAUTHENTICATED: 'Get a new token into CUSTODY_TOKEN and run the same command again: it goes on where it stopped.',
  INSUFFICIENT_SCOPE:
    'Ask for a token with the scope that is named: files:write to upload, files:read to wait and read.',
  NETWORK_ERROR: 'Check CUSTODY_URL and the network.',
  UNEXPECTED_ANSWER: 'Check CUSTODY_URL: what answers there is no Custody service.',
  ROUTE_NOT_FOUND: 'Check CUSTODY_URL: it is the address before /v1.',
  TIMEOUT: 'Run the same command again to go on, with a longer --timeout.',
  SOURCE_CHANGED: 'The file changes while it is read. Upload a copy of it.',
  SOURCE_UNREADABLE: 'Check the path and who may read it.',
  PAYLOAD_TOO_LARGE: 'The service takes no file of this size and type; `--mime-type` if the type is wrong.',
  MIME_TYPE_MISMATCH: 'The bytes are not what the name says. Rename the file or give its type with --mime-type.',
  FOLDER_NOT_FOUND: 'List folders with `custody ls`.',
  FILE_NOT_FOUND: 'It does not exist, or this token may not see it.',
  NO_MULTIPART_UPLOAD: 'Nothing is unfinished about this file; upload it without --file-id.',
  FILE_NOT_AVAILABLE: 'Ask how it stands with `custody status`.',
  STAGING_LIMIT_EXCEEDED: 'Too many files wait for their verdict. Try again in a while.',
  UPLOAD_REFUSED: 'Check the clock of this machine, and whether a proxy changes what is sent to the store.',
};

const REASONS: Record<RejectReason, string> = {
  infected: 'the virus scan found something in it; its bytes are deleted',
  mime_mismatch: 'its bytes are not of the type it was declared as; check the name or give --mime-type',
  size_mismatch: 'not all of it arrived; upload it again',
  checksum_mismatch: 'other bytes arrived than were announced; upload it again',
  expired: 'the upload was not finished in time; upload it again',
  unscannable: 'it cannot be scanned (a password, or an archive that is too deep); upload what is in it',
  failed: 'the scan failed; upload it again or ask an administrator',
  deleted: 'somebody deleted it meanwhile',
};

/** What went wrong and what to do next, in one or two sentences. */
export function explain(error: unknown): string {
  if (!isCustodyError(error)) return error instanceof Error ? error.message : String(error);
  const next = NEXT[error.code];
  const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  return `${error.message}${request}${next === undefined ? '' : `\n  ${next}`}`;
}

/** Why a file that is not available is not. */
export function verdict({ stage, rejectReason }: Pick<FileMetadata, 'stage' | 'rejectReason'>): string {
  if (stage === 'held') return 'held: an administrator decides about it; ask later with `custody status`';
  if (rejectReason !== null) return `rejected, ${rejectReason}: ${REASONS[rejectReason]}`;
  return stage;
}
