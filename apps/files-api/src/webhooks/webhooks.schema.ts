import { EVENT_TYPES } from '@custody/contracts';
import { WEBHOOK_DELIVERY_STATES } from '@custody/data';
import { z } from 'zod';
import { pageRequestSchema, pageSchema } from '../requests/page.js';

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\0');

const urlSchema = z
  .string()
  .max(2_048)
  .refine((text) => isStorable(text) && URL.canParse(text), 'must be an absolute URL')
  .meta({
    format: 'uri',
    description: 'https, no user or password, public addresses only; a fragment is dropped',
    examples: ['https://hooks.example.com/custody'],
  });
const eventsSchema = z
  .array(z.enum(EVENT_TYPES))
  .min(1)
  .max(EVENT_TYPES.length)
  .transform((events) => [...new Set(events)].sort())
  .meta({ description: 'What it is told about' });
const descriptionSchema = z.string().trim().max(500).refine(isStorable, 'must be well-formed Unicode without NUL');

export const createWebhookSchema = z.object({
  url: urlSchema,
  events: eventsSchema,
  description: descriptionSchema.nullish(),
  enabled: z.boolean().default(true),
});
export type CreateWebhookRequest = z.output<typeof createWebhookSchema>;

export const updateWebhookSchema = z.object({
  url: urlSchema.optional(),
  events: eventsSchema.optional(),
  description: descriptionSchema.nullable().optional(),
  enabled: z.boolean().optional().meta({ description: 'true: what waited is sent, and what disabled it is forgotten' }),
});
export type UpdateWebhookRequest = z.output<typeof updateWebhookSchema>;

const GRACE_MAX_SEC = 604_800;

export const rotateSecretSchema = z
  .object({
    graceSec: z.number().int().min(0).max(GRACE_MAX_SEC).optional().meta({
      description: 'How long the secret so far goes on signing; 0 when it is known to others. A day unless configured',
    }),
  })
  .default({});
export type RotateSecretRequest = z.output<typeof rotateSecretSchema>;

export const webhookSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string().nullable(),
  enabled: z.boolean(),
  disabledReason: z
    .enum(['gone', 'failing'])
    .nullable()
    .meta({ description: 'Why the service disabled it: it answered 410, or failed for days' }),
  disabledAt: z.iso.datetime().nullable(),
  previousSecretExpiresAt: z.iso.datetime().nullable().meta({ description: 'Until then two signatures are sent' }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type WebhookView = z.infer<typeof webhookSchema>;

export const webhookWithSecretSchema = webhookSchema.extend({
  secret: z.string().meta({ description: 'Shown here and never again; `whsec_` and base64, for Standard Webhooks' }),
});
export type WebhookWithSecretView = z.infer<typeof webhookWithSecretSchema>;

export const webhookPageSchema = pageSchema(webhookSchema);

export const listDeliveriesSchema = pageRequestSchema.extend({ status: z.enum(WEBHOOK_DELIVERY_STATES).optional() });
export type ListDeliveriesRequest = z.output<typeof listDeliveriesSchema>;

export const deliverySchema = z.object({
  id: z.uuid(),
  eventId: z.uuid().meta({ description: 'Sent as `webhook-id`, the same at every attempt' }),
  eventType: z.string(),
  status: z.enum(WEBHOOK_DELIVERY_STATES),
  attempts: z.int().meta({ description: 'Ended ones, since it was made or redelivered' }),
  nextAttemptAt: z.iso.datetime().nullable(),
  responseStatus: z.int().nullable().meta({ description: 'What the receiver answered last, if it did' }),
  error: z.string().nullable().meta({ description: 'Why the last attempt failed' }),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;

export const deliveryPageSchema = pageSchema(deliverySchema);

export const deliveryDetailSchema = deliverySchema.extend({
  event: z.record(z.string(), z.unknown()).meta({ description: 'The CloudEvent that is sent' }),
  attemptLog: z
    .array(
      z.object({
        at: z.iso.datetime(),
        durationMs: z.int(),
        responseStatus: z.int().nullable(),
        error: z.string().nullable(),
      }),
    )
    .meta({ description: 'The last 20, oldest first' }),
});
export type DeliveryDetailView = z.infer<typeof deliveryDetailSchema>;
