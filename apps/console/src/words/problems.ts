import { type CustodyErrorCode, isCustodyError } from '@custody/sdk';

/** What went wrong and what to do next, by code; what is missing here says itself. */
const WORDS: Partial<Record<CustodyErrorCode, string>> = {
  NETWORK_ERROR:
    'The service cannot be reached. Check your connection; it is tried again by itself where that is safe.',
  TIMEOUT: 'It takes longer than expected. Look again in a moment.',
  UNEXPECTED_ANSWER: 'Something between you and the service answered instead of it. Check your connection.',
  SOURCE_CHANGED: 'The file changed since the upload began. Upload it anew.',
  SOURCE_UNREADABLE: 'The file cannot be read. Was it moved, renamed or deleted? Choose it again.',
  UPLOAD_REFUSED: 'The store does not take the bytes. Try again; if it stays so, ask an administrator.',
  UNAUTHENTICATED: 'Your session has ended. Sign in again; nothing is lost.',
  INSUFFICIENT_SCOPE: 'You are not allowed to do that. Ask an administrator.',
  NOT_THE_OWNER: 'Only who uploaded the file, or an administrator, can share it.',
  FILE_NOT_FOUND: 'The file is not there any more, or not for you.',
  FILE_WITHDRAWN: 'A later scan found a virus in it: the file was withdrawn.',
  FOLDER_NOT_FOUND: 'The folder is not there any more.',
  FILE_NOT_AVAILABLE: 'The file is not available: its scan is not done, or it was refused.',
  FOLDER_EXISTS: 'There is a folder of this name already. Choose another name.',
  FOLDER_NOT_EMPTY: 'The folder is not empty.',
  FOLDER_CYCLE: 'A folder cannot be moved into itself.',
  FOLDER_TOO_DEEP: 'Folders can be nested 32 levels deep, not more.',
  PRECONDITION_FAILED: 'Somebody changed it meanwhile. Look at it again, then repeat your change.',
  PAYLOAD_TOO_LARGE: 'The file is too large for its type.',
  MIME_TYPE_MISMATCH: 'The content is not of the type the name says. Save it in its own format and upload it again.',
  SIZE_MISMATCH: 'Not all bytes arrived. Try again.',
  CHECKSUM_MISMATCH: 'The bytes changed on the way. Try again.',
  EMPTY_FILE: 'The file is empty.',
  STAGING_LIMIT_EXCEEDED: 'Too many files wait for their scan. It goes on by itself in a moment.',
  TOO_MANY_REQUESTS: 'Too many requests. Wait a minute, then try again.',
  NO_THUMBNAIL: 'There is no preview picture of this file.',
  VERSION_NOT_HELD: 'Somebody has decided on it already.',
  VERSION_NOT_AVAILABLE: 'This version is not available.',
  SHARE_NOT_FOUND: 'It is not shared with this person any more.',
  STORE_UNAVAILABLE: 'The store does not answer. Try again in a moment.',
  SERVICE_UNAVAILABLE: 'The service is busy. Try again in a moment.',
  AUTH_UNAVAILABLE: 'Sign-ins cannot be checked at the moment. Try again soon.',
};

/** For people: what happened and what to do. */
export function problemWords(error: unknown): string {
  if (!isCustodyError(error)) return error instanceof Error ? error.message : String(error);
  const words = WORDS[error.code];
  if (words !== undefined) return words;
  const detail = error.errors.map(({ message }) => message).join(' ');
  const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  return `${error.message}${detail === '' ? '' : `: ${detail}`}${request}`;
}
