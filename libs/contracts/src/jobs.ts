import { z } from 'zod';
import { attachFilePayload } from './attach-file.js';
import { cloudEvent, toCloudEvent } from './cloud-event.js';
import type { OutboxEvent } from './outbox-event.js';

export const QUEUES = ['scan', 'derive', 'notify', 'attach-file'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What a job carries besides its payload: who asked, for logs and traces. */
export const jobMeta = z.object({ requestId: z.string().nullish(), traceparent: z.string().nullish() });
export type JobMeta = z.infer<typeof jobMeta>;

/** A wake-up for a scan worker. The ids say what was ready; the worker claims from PostgreSQL and may take another (ADR 0005). */
export const scanPayload = z.object({ tenantId: z.uuid(), fileId: z.uuid(), versionId: z.uuid() });
export type ScanPayload = z.infer<typeof scanPayload>;

/** An order to derive previews and measures from one available version. */
export const derivePayload = z.object({ tenantId: z.uuid(), fileId: z.uuid(), versionId: z.uuid() });
export type DerivePayload = z.infer<typeof derivePayload>;

/**
 * Every job there is. The name carries the version of the payload: a new shape gets a new name, and workers go on
 * understanding the old one. `attempts` with exponential back-off from `backoffMs`.
 */
export const JOBS = {
  'scan.v1': { queue: 'scan', payload: scanPayload, attempts: 10, backoffMs: 1_000 },
  'derive.v1': { queue: 'derive', payload: derivePayload, attempts: 2, backoffMs: 1_000 },
  'attach-file.v1': { queue: 'attach-file', payload: attachFilePayload, attempts: 10, backoffMs: 1_000 },
  'notification.v1': { queue: 'notify', payload: cloudEvent, attempts: 12, backoffMs: 1_000 },
} as const satisfies Record<string, { queue: QueueName; payload: z.ZodType; attempts: number; backoffMs: number }>;
export type JobName = keyof typeof JOBS;

export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>;

/** A job on its way to its queue. `id` is the event's, so that publishing twice queues once. */
export type JobMessage = {
  [Name in JobName]: {
    readonly id: string;
    readonly name: Name;
    readonly payload: JobPayload<Name>;
    readonly meta: JobMeta;
  };
}[JobName];

/** The one place that says which event becomes which job. */
export function toJob(event: OutboxEvent): JobMessage {
  const meta = { requestId: event.requestId, traceparent: event.traceparent };
  switch (event.type) {
    case 'scan.requested':
      return {
        id: event.id,
        name: 'scan.v1',
        payload: { tenantId: event.tenantId, fileId: event.fileId, versionId: event.versionId },
        meta,
      };
    case 'derive.requested':
      return {
        id: event.id,
        name: 'derive.v1',
        payload: { tenantId: event.tenantId, fileId: event.fileId, versionId: event.versionId },
        meta,
      };
    case 'file.available':
    case 'notify.notification.sent':
      return { id: event.id, name: 'notification.v1', payload: toCloudEvent(event, event.type), meta };
  }
}
