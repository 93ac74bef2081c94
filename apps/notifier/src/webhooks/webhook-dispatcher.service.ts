import { SystemWebhooksRepository, type ClaimedWebhookDelivery } from '@custody/data';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Bell } from './bell.js';
import { DeliverWebhook } from './deliver-webhook.service.js';
import { WebhookSettings } from './webhook-settings.js';

/**
 * Claims due deliveries from PostgreSQL as long as there are free places, and looks again when a place becomes free, when an event has just
 * been queued here, and every now and then: retries come due by themselves, and other processes queue too.
 */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(WebhookDispatcher.name);
  private readonly running = new Set<Promise<void>>();
  private readonly bell = new Bell();
  private readonly interrupt = new AbortController();
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly queue: SystemWebhooksRepository,
    private readonly deliver: DeliverWebhook,
    private readonly settings: WebhookSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  /** There may be something to send. */
  wake(): void {
    this.bell.ring();
  }

  /** Attempts in hand may finish within the grace; what does not is given back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.bell.ring();
    const timer = setTimeout(() => this.interrupt.abort(new Error('the process stops')), this.settings.graceMs);
    await this.loop;
    await Promise.all(this.running);
    clearTimeout(timer);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.fill();
      await this.bell.wait(this.settings.pollMs);
    }
  }

  private async fill(): Promise<void> {
    try {
      while (!this.stopped && this.running.size < this.settings.concurrency) {
        const claimed = await this.queue.claim(this.settings.claim);
        if (claimed === null) return;
        this.start(claimed);
      }
    } catch (error) {
      // PostgreSQL is away; the next look may find it back.
      this.log.warn(`no webhook could be claimed: ${String(error)}`);
    }
  }

  private start(claimed: ClaimedWebhookDelivery): void {
    const attempt = this.deliver
      .execute(claimed, this.interrupt.signal)
      .catch((error: unknown) => {
        this.log.error(`delivery ${claimed.id} of tenant ${claimed.tenantId} was not noted: ${String(error)}`);
      })
      .finally(() => {
        this.running.delete(attempt);
        this.bell.ring();
      });
    this.running.add(attempt);
  }
}
