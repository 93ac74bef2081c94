import { z } from 'zod';

/** What a transition in PostgreSQL announces; the trigger on file_versions writes these rows. */
export const OUTBOX_TYPES = [
  'scan.requested',
  'derive.requested',
  'file.available',
  'notify.notification.sent',
] as const;
export type OutboxType = (typeof OUTBOX_TYPES)[number];

/** An outbox row as repositories return it. `occurredAt` is ISO 8601 UTC; `id` is stable over every redelivery. */
export const outboxEvent = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  type: z.enum(OUTBOX_TYPES),
  fileId: z.uuid(),
  versionId: z.uuid(),
  data: z.record(z.string(), z.unknown()),
  requestId: z.string().nullish(),
  traceparent: z.string().nullish(),
  occurredAt: z.string(),
});
export type OutboxEvent = z.infer<typeof outboxEvent>;

/** Where publishers note that an event reached its queue. */
export interface OutboxMarks {
  markPublished(events: readonly OutboxEvent[]): Promise<void>;
}
