import type { NotifierConfig } from '@custody/config';
import type { DisablePolicy, WebhookClaimPolicy } from '@custody/data';

/** A lease in attempts of the longest kind: a claim becomes another's only when its process is gone, or as good as. */
const LEASE_ATTEMPTS = 2;

/** The configuration as the delivery of webhooks uses it. */
export class WebhookSettings {
  readonly claim: WebhookClaimPolicy;
  readonly disable: DisablePolicy;
  /** Pauses between attempts. */
  readonly retrySec: readonly number[];
  readonly timeoutMs: number;
  /** Attempts at a time in this process. */
  readonly concurrency: number;
  readonly pollMs: number;
  /** How long running attempts may go on when the process stops. */
  readonly graceMs: number;

  constructor({ webhooks, runtime }: Pick<NotifierConfig, 'webhooks' | 'runtime'>) {
    this.claim = {
      leaseSec: webhooks.timeoutSec * LEASE_ATTEMPTS,
      perEndpoint: webhooks.perEndpoint,
      perTenant: webhooks.perTenant,
    };
    this.disable = { failures: webhooks.disableAfterFailures, failingSec: webhooks.disableAfterDays * 86_400 };
    this.retrySec = webhooks.retrySec;
    this.timeoutMs = webhooks.timeoutSec * 1_000;
    this.concurrency = webhooks.concurrency;
    this.pollMs = webhooks.pollSec * 1_000;
    this.graceMs = runtime.shutdownGraceSec * 1_000;
  }
}
