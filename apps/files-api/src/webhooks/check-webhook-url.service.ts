import { CustodyError } from '@custody/domain';
import { TargetPolicy, TargetRefused } from '@custody/webhooks';
import { Injectable } from '@nestjs/common';

const LOOK_UP_MS = 3_000;

/**
 * Says early what the notifier would refuse at each attempt (S37). A name that cannot be resolved now is let through: it may not be there
 * yet, and nothing is sent to it before it has been checked again.
 */
@Injectable()
export class CheckWebhookUrl {
  constructor(private readonly targets: TargetPolicy) {}

  /** The URL as it is kept. Throws `WEBHOOK_URL_NOT_ALLOWED`. */
  async execute(text: string): Promise<string> {
    try {
      const url = this.targets.parse(text);
      await this.lookUp(url);
      return url.href;
    } catch (error) {
      if (!(error instanceof TargetRefused)) throw error;
      const errors = [{ pointer: '/url', message: error.message }];
      throw new CustodyError('WEBHOOK_URL_NOT_ALLOWED', `The URL ${error.message}.`, { errors, cause: error });
    }
  }

  private async lookUp(url: URL): Promise<void> {
    const signal = AbortSignal.timeout(LOOK_UP_MS);
    try {
      await this.targets.addressesOf(url, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
