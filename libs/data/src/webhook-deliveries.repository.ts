import type { CloudEvent, WebhookTest } from '@custody/contracts';
import type { TenantId, WebhookDeliveryId, WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';
import type { WebhookPosition } from './webhooks.repository.js';

export const WEBHOOK_DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

/** One attempt. `status`: what the receiver answered, if it did; `error`: absent when that was 2xx. */
export interface WebhookAttempt {
  readonly status?: number | undefined;
  readonly durationMs: number;
  readonly error?: string | undefined;
}

export interface WebhookDeliveryRecord {
  readonly id: WebhookDeliveryId;
  readonly endpointId: WebhookId;
  readonly eventId: string;
  readonly type: string;
  readonly event: Record<string, unknown>;
  readonly state: WebhookDeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  /** The last 20, of earlier rounds too. */
  readonly attemptLog: readonly (WebhookAttempt & { readonly at: string })[];
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** A claim: the delivery, and the number that every later compare-and-set names. */
export interface WebhookClaim {
  readonly tenantId: TenantId;
  readonly id: WebhookDeliveryId;
  readonly claims: number;
}

/** Attempts that failed in a row, and for how long, until an endpoint is disabled. */
export interface DisablePolicy {
  readonly failures: number;
  readonly failingSec: number;
}

/** What comes after an attempt. `retrySec` null: nothing, it was the last; `gone`: the receiver wants no more. */
export interface WebhookNext {
  readonly retrySec: number | null;
  readonly gone: boolean;
}

/** `lost`: the claim had run out, and nothing was noted. */
export interface WebhookOutcome {
  readonly outcome: WebhookDeliveryState | 'lost';
  readonly disabled: 'gone' | 'failing' | null;
}

/** What each webhook of a tenant was told, or is to be told: one row per webhook and event, whatever is published again. */
@Injectable()
export class WebhookDeliveriesRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Makes a row for each enabled webhook of the event's tenant that wants it; resolves to how many are new. */
  async enqueue(event: CloudEvent): Promise<number> {
    const [row] = await this.database.call<{ added: number }>(
      contextOf(event.tenantid as TenantId),
      'SELECT enqueue_webhook_deliveries($1, $2, $3, $4) AS added',
      [event.id, event.type, JSON.stringify(event)],
    );
    return row?.added ?? 0;
  }

  /** For one webhook, whatever it subscribes to. Throws `WEBHOOK_DISABLED`; null: no such webhook. */
  async test(context: StepContext, id: WebhookId, event: WebhookTest): Promise<WebhookDeliveryRecord | null> {
    return this.one(context, 'SELECT * FROM test_webhook($1, $2, $3, $4, $5)', [
      ...[id, event.id, event.type, JSON.stringify(event)],
    ]);
  }

  find(context: StepContext, webhook: WebhookId, id: WebhookDeliveryId): Promise<WebhookDeliveryRecord | null> {
    return this.one(context, 'SELECT * FROM find_webhook_delivery($1, $2, $3)', [webhook, id]);
  }

  /** Newest first; `state` null: of any. */
  list(
    context: StepContext,
    webhook: WebhookId,
    state: WebhookDeliveryState | null,
    before: WebhookPosition | null,
    limit: number,
  ): Promise<WebhookDeliveryRecord[]> {
    return this.database.call(context, 'SELECT * FROM list_webhook_deliveries($1, $2, $3, $4, $5, $6)', [
      ...[webhook, state, before?.at ?? null, before?.id ?? null, limit],
    ]);
  }

  /** Begins its attempts anew; one that is being sent is left alone. Throws `WEBHOOK_DISABLED`; null: no such delivery. */
  redeliver(context: StepContext, webhook: WebhookId, id: WebhookDeliveryId): Promise<WebhookDeliveryRecord | null> {
    return this.one(context, 'SELECT * FROM redeliver_webhook($1, $2, $3)', [webhook, id]);
  }

  /** Ends an attempt: the log, the next one or the end, and the endpoint that is disabled by it. */
  async end(
    { tenantId, id, claims }: WebhookClaim,
    attempt: WebhookAttempt,
    { retrySec, gone }: WebhookNext,
    policy: DisablePolicy,
  ): Promise<WebhookOutcome> {
    const [row] = await this.database.call<WebhookOutcome>(
      contextOf(tenantId),
      'SELECT * FROM end_webhook_attempt($1, $2, $3, $4, make_interval(secs => $5), $6, $7)',
      [id, claims, JSON.stringify(attempt), retrySec, gone, JSON.stringify(policy)],
    );
    return row ?? { outcome: 'lost', disabled: null };
  }

  /** Gives a claim back, to be taken at once by another. */
  async release({ tenantId, id, claims }: WebhookClaim): Promise<void> {
    await this.database.call(contextOf(tenantId), 'SELECT release_webhook_delivery($1, $2, $3)', [id, claims]);
  }

  private async one(
    context: StepContext,
    text: string,
    values: readonly unknown[],
  ): Promise<WebhookDeliveryRecord | null> {
    const [row] = await this.database.call<WebhookDeliveryRecord>(context, text, values);
    return row ?? null;
  }
}

function contextOf(tenantId: TenantId): StepContext {
  return { tenantId, actor: 'system:notifier' };
}
