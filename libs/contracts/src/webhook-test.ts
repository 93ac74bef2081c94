import { z } from 'zod';
import { cloudEvent } from './cloud-event.js';

/** Sent to one webhook because somebody asked for it; `subject` is the webhook. */
export const webhookTest = cloudEvent.extend({
  type: z.literal('webhook.test'),
  data: z.object({ webhookId: z.uuid() }),
});
export type WebhookTest = z.infer<typeof webhookTest>;

export function toWebhookTest(id: string, tenantId: string, webhookId: string, now: Date): WebhookTest {
  return {
    specversion: '1.0',
    id,
    source: '/custody',
    type: 'webhook.test',
    subject: webhookId,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    data: { webhookId },
  };
}
