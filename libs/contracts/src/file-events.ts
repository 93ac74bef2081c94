import { REJECT_REASONS, VERSION_STATES } from '@custody/domain';
import { z } from 'zod';

/** What a row of `file_events` tells. The names never change their meaning. */
export const FILE_EVENT_TYPES = ['file.status', 'file.changed', 'file.deleted', 'file.restored'] as const;
export type FileEventType = (typeof FILE_EVENT_TYPES)[number];

const at = z.iso.datetime().meta({ description: 'When it happened' });

/** A version reached a state; `status` and `stage` are that version's. */
export const fileStatusData = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  status: z.enum(['pending_scan', 'available', 'rejected']),
  stage: z.enum(VERSION_STATES),
  rejectReason: z.enum(REJECT_REASONS).nullable(),
  at,
});

/** How far the scan of a version has come. Bytes of work: what has to be read twice counts twice. */
export const fileProgressData = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  scannedBytes: z.int(),
  totalBytes: z.int(),
  at,
});
export type FileProgressData = z.infer<typeof fileProgressData>;

/** Something about a file that a read tells in full. */
export const fileReferenceData = z.object({ fileId: z.uuid(), at });

export const STREAM_END_REASONS = ['final', 'deleted', 'not_found', 'token_expired', 'shutdown'] as const;
export type StreamEndReason = (typeof STREAM_END_REASONS)[number];

/** The last event of a stream that the service closes. */
export const streamEndData = z.object({ reason: z.enum(STREAM_END_REASONS), at });

export const STREAM_RESET_REASONS = ['unknown', 'expired'] as const;
export type StreamResetReason = (typeof STREAM_RESET_REASONS)[number];

/** The stream cannot go on from the id that was given: what happened in between has to be read. */
export const streamResetData = z.object({ reason: z.enum(STREAM_RESET_REASONS), at });

const id = z.string().meta({ description: 'Opaque; give it back as `Last-Event-ID`' });

/** One event of a stream: the fields `event`, `id` and, as JSON, `data` of a block of `text/event-stream`. */
export const streamEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('file.status'), id, data: fileStatusData }),
  z.object({ event: z.literal('file.progress'), data: fileProgressData }),
  z.object({ event: z.literal('file.changed'), id, data: fileReferenceData }),
  z.object({ event: z.literal('file.deleted'), id, data: fileReferenceData }),
  z.object({ event: z.literal('file.restored'), id, data: fileReferenceData }),
  z.object({ event: z.literal('reset'), id, data: streamResetData }),
  z.object({ event: z.literal('end'), data: streamEndData }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;

/** A file of a tenant has new events; without a file any of them may. */
export const fileEventHint = z.object({ tenantId: z.uuid(), fileId: z.uuid().nullable() });
export type FileEventHint = z.infer<typeof fileEventHint>;

/** Wakes up whoever follows events, in any process. Hints may be lost: the rows are the truth. */
export abstract class FileEventHints {
  /** Returns at once and never throws. */
  abstract announce(hints: readonly FileEventHint[]): void;
}
