import type { FileMetadata, FileStage, RejectReason } from '@custody/sdk';

/** What a badge says, and its colour. */
export interface StatusWords {
  readonly label: string;
  readonly tone: 'good' | 'busy' | 'bad' | 'wait';
}

const STAGES: Readonly<Record<FileStage, StatusWords>> = {
  awaiting_upload: { label: 'Uploading', tone: 'busy' },
  uploaded: { label: 'Waiting for scan', tone: 'busy' },
  scanning: { label: 'Scanning', tone: 'busy' },
  held: { label: 'Held', tone: 'wait' },
  clean: { label: 'Scanned', tone: 'busy' },
  available: { label: 'Available', tone: 'good' },
  rejected: { label: 'Refused', tone: 'bad' },
};

export const stageWords = (stage: FileStage): StatusWords => STAGES[stage];

const REASONS: Partial<Record<RejectReason, string>> = {
  infected: 'A virus was found. The file was removed; do not open the copy on your computer.',
  mime_mismatch: 'The content is not of the type the name says. Save it in its own format and upload it again.',
  size_mismatch: 'Not all bytes arrived. Upload the file again.',
  checksum_mismatch: 'The bytes changed on the way. Upload the file again.',
  expired: 'The upload was not finished in time. Upload the file again.',
  unscannable:
    'It cannot be scanned, for instance because it needs a password. Remove the password and upload it again.',
  failed: 'The scan failed repeatedly. Upload the file again, or ask an administrator.',
  deleted: 'It was deleted before its scan was done.',
};

/** Why a file was refused and what to do next; empty for files that were not. */
export function refusalWords({ rejectReason }: Pick<FileMetadata, 'rejectReason'>): string {
  if (rejectReason === null) return '';
  return REASONS[rejectReason] ?? `It was refused (${rejectReason}).`;
}
