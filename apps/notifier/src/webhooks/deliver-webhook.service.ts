import { WebhookDeliveriesRepository, type ClaimedWebhookDelivery } from '@custody/data';
import { ownerOfSecret, SecretBox, signatureOf } from '@custody/webhooks';
import { Injectable, Logger } from '@nestjs/common';
import { isDelivered, nextAttempt } from './next-attempt.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { NotSent, WebhookSender, type WebhookAnswer, type WebhookMessage } from './webhook-sender.js';
import { WebhookSettings } from './webhook-settings.js';

/** One attempt of one claimed delivery, from signing it to noting what came of it. */
@Injectable()
export class DeliverWebhook {
  private readonly log = new Logger(DeliverWebhook.name);

  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly sender: WebhookSender,
    private readonly box: SecretBox,
    private readonly metrics: WebhookMetrics,
    private readonly settings: WebhookSettings,
  ) {}

  /** Rejects when nothing could be noted: the lease then runs out and the delivery is made again under the same id. */
  async execute(claimed: ClaimedWebhookDelivery, stop: AbortSignal): Promise<void> {
    const message = this.messageOf(claimed);
    const started = performance.now();
    let answer: WebhookAnswer | null = null;
    let error: string | undefined;
    try {
      answer = await this.sender.post(message, stop);
      if (!isDelivered(answer)) error = `answered ${answer.status}`;
    } catch (failure) {
      if (stop.aborted) return this.release(claimed);
      if (!(failure instanceof NotSent)) throw failure;
      error = failure.message;
    }
    const durationMs = Math.round(performance.now() - started);
    await this.note(claimed, answer, durationMs, error);
  }

  /** Standard Webhooks 1.0; the body is signed exactly as it is sent. */
  private messageOf({
    tenantId,
    endpointId,
    event,
    url,
    secret,
    previousSecret,
  }: ClaimedWebhookDelivery): WebhookMessage {
    const owner = ownerOfSecret(tenantId, endpointId);
    const secrets = [secret, previousSecret].filter((one) => one !== null).map((one) => this.box.open(one, owner));
    const body = JSON.stringify(event);
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      'user-agent': 'custody-webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secrets, event.id, timestamp, body),
    };
    return { url, headers, body };
  }

  private async note(
    claimed: ClaimedWebhookDelivery,
    answer: WebhookAnswer | null,
    durationMs: number,
    error: string | undefined,
  ): Promise<void> {
    const next = nextAttempt(answer, claimed.attempts, this.settings.retrySec, Math.random);
    const attempt = { status: answer?.status, durationMs, error };
    const { outcome, disabled } = await this.deliveries.end(claimed, attempt, next, this.settings.disable);
    this.metrics.count(outcome);
    const { tenantId, endpointId: webhookId, id: deliveryId } = claimed;
    const about = { tenantId, webhookId, deliveryId, eventId: claimed.event.id, durationMs };
    if (error === undefined) this.log.log(about, `webhook ${outcome}`);
    else this.log.warn({ ...about, error }, `webhook attempt failed: ${outcome}`);
    if (disabled === null) return;
    this.metrics.countDisabled(disabled);
    this.log.warn({ tenantId, webhookId, reason: disabled }, 'webhook disabled');
  }

  private async release(claimed: ClaimedWebhookDelivery): Promise<void> {
    await this.deliveries.release(claimed);
    this.metrics.count('released');
  }
}
