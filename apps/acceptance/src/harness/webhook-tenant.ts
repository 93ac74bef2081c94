import { eventually, NameServer } from '@custody/testing';
import type { Answer, Client } from './client.js';
import { System } from './system.js';
import { startWebhookReceiver, type ReceivedWebhook, type WebhookReceiver } from './webhook-receiver.js';

/** A system that asks this name server for the hosts of webhooks, tries again soon, and a receiver. */
export interface WebhookSystem {
  readonly system: System;
  readonly names: NameServer;
  readonly receiver: WebhookReceiver;
}

export async function startWebhookSystem(): Promise<WebhookSystem> {
  const [names, receiver] = await Promise.all([NameServer.listen(), startWebhookReceiver()]);
  const env = {
    WEBHOOK_DNS_SERVERS: names.address,
    WEBHOOK_RETRY_SCHEDULE_SEC: '0.05,0.05,0.05',
    WEBHOOK_POLL_SEC: '0.1',
    WEBHOOK_TIMEOUT_SEC: '1.5',
    WEBHOOK_MAX_PER_TENANT: '3',
  };
  return { system: await System.start({ label: 'webhooks', env }), names, receiver };
}

export interface RegisteredWebhook {
  readonly id: string;
  readonly secret: string;
}

export const EVENTS = ['file.available', 'notify.notification.sent'];

export const idOf = (message: ReceivedWebhook | undefined) => message?.headers['webhook-id'];

/** An administrator of a tenant with webhooks. */
export class WebhookTenant {
  /** Every secret this tenant was told. */
  readonly secrets: string[] = [];

  constructor(
    readonly admin: Client,
    private readonly receiverUrl: string,
  ) {}

  get url(): string {
    return `${this.receiverUrl}/hooks/${this.admin.caller.tenantId}`;
  }

  /** Throws unless it is registered. */
  async register(fields: Record<string, unknown> = {}): Promise<RegisteredWebhook> {
    const answer = await this.post({ url: this.url, ...fields });
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return this.noted(answer);
  }

  post(fields: Record<string, unknown>): Promise<Answer> {
    return this.admin.call('POST', '/v1/webhooks', { events: EVENTS, ...fields });
  }

  async rotate(webhook: RegisteredWebhook, body?: Record<string, unknown>): Promise<Answer> {
    const answer = await this.call('POST', webhook, '/rotate-secret', body);
    this.noted(answer);
    return answer;
  }

  call(method: string, { id }: { readonly id: string }, rest = '', body?: Record<string, unknown>): Promise<Answer> {
    return this.admin.call(method, `/v1/webhooks/${id}${rest}`, body);
  }

  /** Asks for a `webhook.test`; resolves to its delivery. */
  async test(webhook: RegisteredWebhook): Promise<{ readonly id: string; readonly eventId: string }> {
    const { status, body } = await this.call('POST', webhook, '/test');
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as { id: string; eventId: string };
  }

  async listed(webhook: RegisteredWebhook, query = ''): Promise<Record<string, unknown>[]> {
    return (await this.call('GET', webhook, `/deliveries${query}`)).body.items as Record<string, unknown>[];
  }

  /** The delivery, once it is delivered or failed. */
  ended(webhook: RegisteredWebhook, deliveryId: string): Promise<Answer['body']> {
    return eventually('the delivery ended', async () => {
      const { body } = await this.call('GET', webhook, `/deliveries/${deliveryId}`);
      return body.status === 'pending' ? undefined : body;
    });
  }

  /** What the audit log says about webhooks, oldest first. */
  async audit(): Promise<string[]> {
    const { body } = await this.admin.call('GET', '/v1/audit?action=webhook.*&order=asc');
    return (body.items as { action: string }[]).map(({ action }) => action);
  }

  private noted({ body }: Answer): RegisteredWebhook {
    this.secrets.push(body.secret as string);
    return body as RegisteredWebhook;
  }
}
