/** The life of one version of a file. PostgreSQL holds the same table and refuses any other edge (ADR 0003). */
export const VERSION_STATES = [
  'awaiting_upload',
  'uploaded',
  'scanning',
  'held',
  'clean',
  'available',
  'rejected',
] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** Why a version was rejected. `deleted`: its file was deleted before a verdict. */
export const REJECT_REASONS = [
  'infected',
  'mime_mismatch',
  'size_mismatch',
  'checksum_mismatch',
  'expired',
  'unscannable',
  'failed',
  'deleted',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/**
 * Every allowed edge. `scanning → uploaded` hands work back; `scanning → scanning` is a new claim after a lost lease (epoch + 1);
 * `held → clean` is an admin's release; `available → rejected` withdraws what a rescan found infected or altered, and nothing else.
 */
export const TRANSITIONS = {
  awaiting_upload: ['uploaded', 'rejected'],
  uploaded: ['scanning', 'rejected'],
  scanning: ['scanning', 'uploaded', 'held', 'clean', 'rejected'],
  held: ['clean', 'rejected'],
  clean: ['available', 'rejected'],
  available: ['rejected'],
  rejected: [],
} as const satisfies Record<VersionState, readonly VersionState[]>;

export function canTransition(from: VersionState, to: VersionState): boolean {
  return (TRANSITIONS[from] as readonly VersionState[]).includes(to);
}

/** States that count against a tenant's pending limit (M12): the verdict gives the place back. */
export const PENDING_STATES = ['awaiting_upload', 'uploaded', 'scanning', 'held'] as const satisfies VersionState[];

/** What clients see first. */
export type FileStatus = 'pending_scan' | 'available' | 'rejected';

/** The coarse status of a version: nothing but `available` ever counts as readable (M19). */
export function statusOf(state: VersionState): FileStatus {
  switch (state) {
    case 'available':
      return 'available';
    case 'rejected':
      return 'rejected';
    case 'awaiting_upload':
    case 'uploaded':
    case 'scanning':
    case 'held':
    case 'clean':
      return 'pending_scan';
  }
}
