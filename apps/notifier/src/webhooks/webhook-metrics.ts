import { SystemWebhooksRepository, type WebhookOutcome } from '@custody/data';
import { Metrics } from '@custody/observability';
import { Injectable } from '@nestjs/common';

/** `pending`: the attempt failed and another follows. `lost`: the claim had run out. `released`: the process stopped. */
export type AttemptOutcome = WebhookOutcome['outcome'] | 'released';

@Injectable()
export class WebhookMetrics {
  private readonly attempts;
  private readonly disabled;

  constructor(metrics: Metrics, webhooks: SystemWebhooksRepository) {
    this.attempts = metrics.counter({
      name: 'custody_webhook_attempts_total',
      help: 'Attempts to deliver to a webhook',
      labels: ['outcome'],
    });
    this.disabled = metrics.counter({
      name: 'custody_webhooks_disabled_total',
      help: 'Webhooks disabled by the service',
      labels: ['reason'],
    });
    metrics.measured(
      { name: 'custody_webhooks_due_count', help: 'Webhooks with something to send now' },
      async () => (await webhooks.backlog()).due,
    );
    metrics.measured(
      { name: 'custody_webhook_oldest_due_seconds', help: 'How long the first of them has waited' },
      async () => (await webhooks.backlog()).oldestSec,
    );
  }

  count(outcome: AttemptOutcome): void {
    this.attempts.inc({ outcome });
  }

  countDisabled(reason: string): void {
    this.disabled.inc({ reason });
  }
}
