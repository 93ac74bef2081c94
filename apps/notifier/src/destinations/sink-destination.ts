import type { CloudEvent } from '@custody/contracts';
import { WaitAndRetry } from '@custody/queues';
import type { Destination } from './destination.js';
import { retryAfterMs } from './retry-after.js';

/**
 * Posts events to one URL as CloudEvents in structured JSON mode (CloudEvents HTTP binding 1.0.2, 3.2). 2xx means delivered;
 * redirects are not followed: the configured address is the only one that gets events.
 */
export class SinkDestination implements Destination {
  readonly name = 'sink';
  private readonly url: URL;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    address: string,
    private readonly timeoutSec: number,
  ) {
    const { username, password } = (this.url = new URL(address));
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.headers = {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      ...(username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    };
    // fetch takes no URL with a password in it.
    this.url.username = this.url.password = '';
  }

  async deliver(event: CloudEvent, signal: AbortSignal): Promise<void> {
    const answer = await this.post(event, signal);
    await answer.body?.cancel();
    if (answer.ok) return;
    const reason = `the receiver answered ${answer.status}`;
    const wait = retryAfterMs(answer.headers.get('retry-after'), answer.headers.get('date'));
    throw wait === null ? new Error(reason) : new WaitAndRetry(wait, reason);
  }

  private async post(event: CloudEvent, signal: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(this.timeoutSec * 1_000);
    try {
      return await fetch(this.url, {
        method: 'POST',
        headers: this.headers,
        body: JSON.stringify(event),
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
      });
    } catch (error) {
      signal.throwIfAborted();
      // The URL is a secret and may be in fetch's own message.
      throw new Error(timeout.aborted ? `no answer within ${this.timeoutSec} s` : `not reachable: ${codeOf(error)}`);
    }
  }
}

function codeOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === 'string' ? cause.code : 'unknown';
}
