import { Injectable } from '@nestjs/common';
import type { WebhookId } from '@custody/domain';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';
import type { WebhookClaim } from './webhook-deliveries.repository.js';

/** How long a claim holds, and how many of an endpoint and of a tenant may be claimed at a time. */
export interface WebhookClaimPolicy {
  readonly leaseSec: number;
  readonly perEndpoint: number;
  readonly perTenant: number;
}

/** A delivery to make. Secrets are sealed. */
export interface ClaimedWebhookDelivery extends WebhookClaim {
  readonly endpointId: WebhookId;
  /** Attempts that ended before this one. */
  readonly attempts: number;
  readonly event: { readonly id: string; readonly type: string };
  readonly url: string;
  readonly secret: string;
  /** The one before, while it is still to sign. */
  readonly previousSecret: string | null;
}

/** Endpoints with something to send now, and how long the first of them has waited in seconds. */
export interface WebhookBacklog {
  readonly due: number;
  readonly oldestSec: number;
}

const seconds = (value: number): Prisma.Sql => Prisma.sql`make_interval(secs => ${value}::float8)`;

/** Which webhook comes next, across tenants: the one that has waited longest, each moving to the end with every delivery. */
@Injectable()
export class SystemWebhooksRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Null: nothing is due. */
  async claim({ leaseSec, perEndpoint, perTenant }: WebhookClaimPolicy): Promise<ClaimedWebhookDelivery | null> {
    const [row] = await this.database.call<ClaimedWebhookDelivery>(
      Prisma.sql`SELECT * FROM claim_webhook_delivery(${seconds(leaseSec)}, ${perEndpoint}::int, ${perTenant}::int)`,
    );
    return row ?? null;
  }

  async backlog(): Promise<WebhookBacklog> {
    const [row] = await this.database.call<WebhookBacklog>(Prisma.sql`SELECT * FROM webhook_backlog()`);
    return row ?? { due: 0, oldestSec: 0 };
  }

  /** Deletes deliveries made longer than `keepSec` ago and what deleted webhooks leave behind; resolves to how many. */
  async trim(keepSec: number, limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_webhook_deliveries(${seconds(keepSec)}, ${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }
}
