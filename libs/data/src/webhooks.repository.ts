import type { WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { OnceContext, StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** What a tenant decides about a webhook. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly string[];
  readonly enabled: boolean;
}

export interface WebhookRecord extends WebhookSettings {
  readonly id: WebhookId;
  /** Of one that was disabled by us. */
  readonly disabledReason: 'gone' | 'failing' | null;
  readonly disabledAt: Date | null;
  readonly previousSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WebhookPosition {
  readonly at: Date;
  readonly id: string;
}

/** The webhooks of a tenant. Secrets go in sealed; only `createOnce` gives one back, as sealed as it is. Absent, deleted and foreign ones answer alike. */
@Injectable()
export class WebhooksRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Throws `WEBHOOK_LIMIT_EXCEEDED` when the tenant has `max` already. */
  async create(
    context: StepContext,
    id: WebhookId,
    settings: WebhookSettings,
    sealedSecret: string,
    max: number,
  ): Promise<WebhookRecord> {
    const row = await this.one(context, 'SELECT * FROM create_webhook($1, $2, $3, $4, $5)', [
      ...[id, JSON.stringify(settings), sealedSecret, max],
    ]);
    if (row === null) throw new Error('create_webhook returned nothing');
    return row;
  }

  /** The same once a key: a replay gives the webhook as it was made, and its secret of today; none once it was deleted. */
  async createOnce(
    context: OnceContext,
    id: WebhookId,
    settings: WebhookSettings,
    sealedSecret: string,
    max: number,
  ): Promise<WebhookRecord & { readonly secret: string | null }> {
    type Row = WebhookRecord & { readonly secret: string | null; readonly replayed: boolean };
    const [row] = await this.database.call<Row>(
      context,
      'SELECT (o.made).*, o.replayed FROM create_webhook_once($1, $2, $3, $4, $5) o',
      [id, JSON.stringify(settings), sealedSecret, max],
    );
    if (row === undefined) throw new Error('create_webhook_once returned nothing');
    context.once.replayed = row.replayed;
    return row;
  }

  find(context: StepContext, id: WebhookId): Promise<WebhookRecord | null> {
    return this.one(context, 'SELECT * FROM find_webhook($1, $2)', [id]);
  }

  /** In the order they were made. */
  list(context: StepContext, after: WebhookPosition | null, limit: number): Promise<WebhookRecord[]> {
    return this.database.call(context, 'SELECT * FROM list_webhooks($1, $2, $3, $4)', [
      ...[after?.at ?? null, after?.id ?? null, limit],
    ]);
  }

  /** Enabling one sends what waited. */
  update(context: StepContext, id: WebhookId, changes: Partial<WebhookSettings>): Promise<WebhookRecord | null> {
    // What is undefined is no member in JSON, and so no change.
    return this.one(context, 'SELECT * FROM update_webhook($1, $2, $3)', [id, JSON.stringify(changes)]);
  }

  /** False: no such webhook. */
  async delete(context: StepContext, id: WebhookId): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(context, 'SELECT delete_webhook($1, $2) AS ok', [id]);
    return row?.ok ?? false;
  }

  /** The secret so far goes on signing for `graceSec` beside the new one. */
  rotateSecret(
    context: StepContext,
    id: WebhookId,
    sealedSecret: string,
    graceSec: number,
  ): Promise<WebhookRecord | null> {
    return this.one(context, 'SELECT * FROM rotate_webhook_secret($1, $2, $3, make_interval(secs => $4))', [
      ...[id, sealedSecret, graceSec],
    ]);
  }

  private async one(context: StepContext, text: string, values: readonly unknown[]): Promise<WebhookRecord | null> {
    const [row] = await this.database.call<WebhookRecord>(context, text, values);
    return row ?? null;
  }
}
