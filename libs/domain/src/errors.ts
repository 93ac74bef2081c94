import type { FileId } from './ids.js';
import type { RejectReason } from './version-state.js';

/**
 * The one catalogue of refusals. A code never changes its meaning; codes the mission names keep its spelling.
 * `status` is the HTTP status of the problem (RFC 9457), `title` a sentence that does not vary between occurrences.
 */
export const ERRORS = {
  'validation-error': { status: 400, title: 'The request is not valid.' },
  QUERY_TOO_LONG: { status: 400, title: 'The GraphQL document has too many tokens.' },
  QUERY_TOO_DEEP: { status: 400, title: 'The GraphQL operation is nested too deep.' },
  QUERY_TOO_COMPLEX: { status: 400, title: 'The GraphQL operation asks for too much at once.' },
  UNAUTHENTICATED: { status: 401, title: 'A valid bearer token is required.' },
  INSUFFICIENT_SCOPE: { status: 403, title: 'The token lacks a scope this door needs.' },
  NOT_THE_OWNER: { status: 403, title: 'Only who made the file, or an administrator, may do this.' },
  UPLOAD_OUT_OF_BOUNDS: { status: 403, title: 'The upload token does not reach there.' },
  FILE_NOT_FOUND: { status: 404, title: 'There is no such file.' },
  FILE_WITHDRAWN: {
    status: 404,
    title: 'A rescan found the file infected, or other bytes than those that were scanned.',
  },
  ACCESS_GROUP_NOT_FOUND: { status: 404, title: 'There is no such access group.' },
  MEMBER_NOT_FOUND: { status: 404, title: 'The access group has no such member.' },
  SHARE_NOT_FOUND: { status: 404, title: 'The file is not shared with this user.' },
  SUBJECT_NOT_LINKED: { status: 404, title: 'The file is not linked to this subject.' },
  THUMBNAIL_NOT_READY: { status: 404, title: 'The thumbnail has not been made yet.' },
  NO_THUMBNAIL: { status: 404, title: 'There is no thumbnail of this file.' },
  VERSION_NOT_FOUND: { status: 404, title: 'The file has no such version.' },
  FOLDER_NOT_FOUND: { status: 404, title: 'There is no such folder.' },
  WEBHOOK_NOT_FOUND: { status: 404, title: 'There is no such webhook.' },
  WEBHOOK_DELIVERY_NOT_FOUND: { status: 404, title: 'The webhook has no such delivery.' },
  RESCAN_NOT_FOUND: { status: 404, title: 'There is no such run of rescans.' },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is no such door.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This door does not take that method.' },
  NOT_ACCEPTABLE: { status: 406, title: 'No acceptable representation.' },
  UPLOAD_NOT_FOUND: { status: 409, title: 'The bytes have not arrived in the store yet.' },
  NO_MULTIPART_UPLOAD: { status: 409, title: 'No multipart upload of the file is in progress.' },
  UPLOAD_INCOMPLETE: { status: 409, title: 'Parts of the upload are missing.' },
  FILE_NOT_AVAILABLE: { status: 409, title: 'The file is not available for reading.' },
  ACCESS_GROUP_EXISTS: { status: 409, title: 'There is an access group of that name or id.' },
  ACCESS_GROUP_IN_USE: { status: 409, title: 'Files belong to the access group.' },
  VERSION_NOT_AVAILABLE: { status: 409, title: 'The version is not available for reading.' },
  VERSION_NOT_HELD: { status: 409, title: 'The version is not held: there is nothing to decide.' },
  FOLDER_EXISTS: { status: 409, title: 'The parent has a folder of that name already.' },
  FOLDER_NOT_EMPTY: { status: 409, title: 'The folder is not empty.' },
  FOLDER_CYCLE: { status: 409, title: 'A folder cannot be moved into itself.' },
  FOLDER_TOO_DEEP: { status: 409, title: 'Folders are nested too deep.' },
  UPLOAD_NOT_AWAITED: { status: 409, title: 'The upload this key began is over.' },
  IDEMPOTENCY_KEY_IN_FLIGHT: { status: 409, title: 'A request with this Idempotency-Key is still running.' },
  WEBHOOK_LIMIT_EXCEEDED: { status: 409, title: 'The tenant has as many webhooks as it may have.' },
  WEBHOOK_DISABLED: { status: 409, title: 'The webhook is disabled.' },
  PRECONDITION_FAILED: { status: 412, title: 'It changed since you read it.' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The file is larger than its type allows.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body has a content type this door does not take.' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range lies outside the file.' },
  MIME_TYPE_MISMATCH: { status: 422, title: 'The bytes are not of the declared type.' },
  SIZE_MISMATCH: { status: 422, title: 'The bytes are not of the declared size.' },
  CHECKSUM_MISMATCH: { status: 422, title: 'The bytes do not have the declared checksum.' },
  EMPTY_FILE: { status: 422, title: 'The file has no bytes.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key belongs to another request.' },
  WEBHOOK_URL_NOT_ALLOWED: { status: 422, title: 'Webhooks may not be sent to this URL.' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests.' },
  TOO_MANY_STREAMS: { status: 429, title: 'Too many event streams are open.' },
  INTERNAL_ERROR: { status: 500, title: 'Something went wrong on our side.' },
  STAGING_LIMIT_EXCEEDED: { status: 503, title: 'Too many files of this tenant are waiting for their scan.' },
  AUTH_UNAVAILABLE: { status: 503, title: 'The keys of the authorization server cannot be had right now.' },
  STORE_UNAVAILABLE: { status: 503, title: 'The object store cannot be reached right now.' },
  SERVICE_UNAVAILABLE: { status: 503, title: 'The service cannot answer right now.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One field's problem; `pointer` is an RFC 6901 JSON pointer into the body, or the name of a parameter. */
export interface FieldProblem {
  readonly pointer: string;
  readonly message: string;
}

/** `at`: ISO 8601 UTC. */
export interface WithdrawnDetails {
  readonly reason: RejectReason;
  readonly signature: string | null;
  readonly at: string;
}

/** A refusal on its way to a door; every door renders it from the catalogue. `retryAfterSec` becomes `Retry-After`. */
export class CustodyError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterSec: number | undefined;
  /** URL of what to read instead. */
  readonly original: string | undefined;
  /** The file a replayed request had made. */
  readonly fileId: FileId | undefined;
  /** What a rescan found; shown to administrators only. */
  readonly withdrawn: WithdrawnDetails | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: {
      errors?: readonly FieldProblem[];
      retryAfterSec?: number;
      original?: string;
      fileId?: FileId;
      withdrawn?: WithdrawnDetails;
      cause?: unknown;
    } = {},
  ) {
    super(detail ?? ERRORS[code].title, { cause: options.cause });
    this.name = 'CustodyError';
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSec = options.retryAfterSec;
    this.original = options.original;
    this.fileId = options.fileId;
    this.withdrawn = options.withdrawn;
  }
}
