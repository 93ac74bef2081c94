import { z } from 'zod';
import type { OutboxEvent } from './outbox-event.js';

/** What the outside world is told about. */
export const EVENT_TYPES = ['file.available', 'notify.notification.sent'] as const;

/** CloudEvents 1.0.2 in structured JSON form; `tenantid` is an extension attribute, `subject` the file's id. */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.literal('/custody'),
  type: z.enum(EVENT_TYPES),
  subject: z.uuid(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  tenantid: z.uuid(),
  data: z.object({ fileId: z.uuid(), versionId: z.uuid() }).catchall(z.unknown()),
});
export type CloudEvent = z.infer<typeof cloudEvent>;

/** The event as the outside world sees it. */
export function toCloudEvent(event: OutboxEvent, type: CloudEvent['type']): CloudEvent {
  return {
    specversion: '1.0',
    id: event.id,
    source: '/custody',
    type,
    subject: event.fileId,
    time: event.occurredAt,
    datacontenttype: 'application/json',
    tenantid: event.tenantId,
    data: { ...event.data, fileId: event.fileId, versionId: event.versionId },
  };
}
