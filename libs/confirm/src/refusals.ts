import { CustodyError, type ErrorCode, type RejectReason, type VersionState } from '@custody/domain';

/** What is known of a version that a confirm did not move, or has just ended. */
export interface ConfirmedState {
  readonly state: VersionState;
  readonly rejectReason: RejectReason | null;
  readonly rejectDetail: string | null;
  readonly size: number | null;
}

/**
 * The refusal a confirm answered when it rejected these bytes; the same again however often it is repeated, and whoever
 * rejected them. Null for a version that was not rejected for its bytes: its state is the answer.
 */
export function refusalOf({ state, rejectReason, rejectDetail, size }: ConfirmedState): CustodyError | null {
  if (state !== 'rejected') return null;
  const code = codeOf(rejectReason, size);
  return code === null ? null : new CustodyError(code, rejectDetail ?? undefined);
}

function codeOf(reason: RejectReason | null, size: number | null): ErrorCode | null {
  switch (reason) {
    case 'mime_mismatch':
      return 'MIME_TYPE_MISMATCH';
    case 'size_mismatch':
      return size === 0 ? 'EMPTY_FILE' : 'SIZE_MISMATCH';
    case 'checksum_mismatch':
      return 'CHECKSUM_MISMATCH';
    case 'infected':
    case 'expired':
    case 'unscannable':
    case 'failed':
    case 'deleted':
    case null:
      return null;
  }
}
