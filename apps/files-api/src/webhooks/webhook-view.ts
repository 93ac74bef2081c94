import type { WebhookDeliveryRecord, WebhookRecord } from '@custody/data';
import type { DeliveryDetailView, DeliveryView, WebhookView } from './webhooks.schema.js';

export function webhookView(webhook: WebhookRecord): WebhookView {
  const { id, url, events, description, enabled, disabledReason, disabledAt, previousSecretUntil: until } = webhook;
  return {
    ...{ id, url, events: [...events], description, enabled, disabledReason },
    disabledAt: disabledAt?.toISOString() ?? null,
    previousSecretExpiresAt: until !== null && until.getTime() > Date.now() ? until.toISOString() : null,
    createdAt: webhook.createdAt.toISOString(),
    updatedAt: webhook.updatedAt.toISOString(),
  };
}

export function deliveryView(delivery: WebhookDeliveryRecord): DeliveryView {
  const { id, eventId, type, state, attempts, nextAttemptAt, lastStatus, lastError, createdAt, endedAt } = delivery;
  return {
    ...{ id, eventId, eventType: type, status: state, attempts },
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    responseStatus: lastStatus,
    error: lastError,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export function deliveryDetailView(delivery: WebhookDeliveryRecord): DeliveryDetailView {
  return {
    ...deliveryView(delivery),
    event: delivery.event,
    attemptLog: delivery.attemptLog.map(({ at, durationMs, status, error }) => ({
      ...{ at, durationMs, responseStatus: status ?? null, error: error ?? null },
    })),
  };
}
