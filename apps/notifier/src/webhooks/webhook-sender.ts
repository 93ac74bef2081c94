import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { TargetPolicy, TargetRefused, type Address } from '@custody/webhooks';
import { Injectable } from '@nestjs/common';
import { retryAfterMs } from '../destinations/retry-after.js';
import { WebhookSettings } from './webhook-settings.js';

/** What a receiver said. */
export interface WebhookAnswer {
  readonly status: number;
  /** As it asked, at most an hour; null when it did not. */
  readonly retryAfterMs: number | null;
}

export interface WebhookMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No answer. The message is for the tenant's log: no part of the URL, no address. */
export class NotSent extends Error {}

/** More of an answer's body is not even read. */
const MAX_BODY_BYTES = 4_096;

/**
 * Posts to addresses of strangers (S37): the name is resolved and judged here, and the connection is made to the addresses that were judged,
 * while Host and SNI stay the name. Redirects are not followed, proxies of the environment not used, connections not kept.
 */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly targets: TargetPolicy,
    private readonly settings: WebhookSettings,
  ) {}

  /** Throws `NotSent`; when `stop` is aborted, its reason. */
  async post(message: WebhookMessage, stop: AbortSignal): Promise<WebhookAnswer> {
    const timeout = AbortSignal.timeout(this.settings.timeoutMs);
    const signal = AbortSignal.any([stop, timeout]);
    try {
      const url = this.targets.parse(message.url);
      const addresses = await this.targets.addressesOf(url, signal);
      if (addresses.length === 0) throw new NotSent('the name was not resolved');
      return await exchange(url, addresses, message, signal);
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof NotSent) throw error;
      if (error instanceof TargetRefused) throw new NotSent(`not allowed: the URL ${error.message}`);
      throw new NotSent(timeout.aborted ? 'no answer in time' : `not reachable: ${codeOf(error)}`);
    }
  }
}

function exchange(
  url: URL,
  addresses: readonly Address[],
  { headers, body }: WebhookMessage,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: new client.Agent({ keepAlive: false }),
      lookup: answering(addresses),
      signal,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const { 'retry-after': wait = null, date = null } = response.headers;
      resolve({ status: response.statusCode ?? 0, retryAfterMs: retryAfterMs(wait, date) });
      discard(response);
    });
    request.end(body);
  });
}

/** A look-up that asks nobody: it knows the judged addresses only. */
function answering(addresses: readonly Address[]): LookupFunction {
  return (_name, { all }, done) => {
    const [first] = addresses as [Address];
    if (all === true) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
}

/** Lets a small body arrive, so that an honest receiver sees no reset; cuts off any other. */
function discard(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => response.destroy());
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
