import type { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { ObjectStoreError } from '../object-store.errors.js';
import type { StorageLimits } from '../storage.options.js';
import { ObjectBody } from './object-body.js';
import { ReadBuffers } from './read-buffers.js';
import { StoreRefusal, toStoreError } from './s3-errors.js';
import { addresses } from './s3-signer.js';
import { signRequest } from './sigv4.js';

export interface GetRequest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  /** As the header has it (RFC 9110, 14.2). */
  readonly range?: string | undefined;
}

export interface GetAnswer {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: ObjectBody;
}

const FIRST_PAUSE_MS = 100;

/**
 * GET of S3 without the SDK's client, whose bodies cost a gateway more than half of the time it has for them: requests signed here, on
 * connections of undici's. Everything else goes by the SDK.
 */
export class S3Http {
  private readonly buffers = new ReadBuffers();
  private readonly agent: Agent;
  private readonly addressOf: ReturnType<typeof addresses>;
  /** The store's clock against ours; told by the first request that it refuses for its time. */
  private clockOffsetMs = 0;

  constructor(
    client: S3Client,
    private readonly limits: StorageLimits,
  ) {
    this.addressOf = addresses(client);
    this.agent = new Agent({
      connections: limits.maxSockets,
      headersTimeout: limits.responseTimeoutMs,
      // Counts while bytes are wanted only: a slow reader is not a silent store.
      bodyTimeout: limits.idleTimeoutMs,
      connect: this.buffers.connector({ timeout: limits.connectTimeoutMs, allowH2: false }),
    });
  }

  /** Resolves with the head of the answer. Rejects with `StoreRefusal` or what the connection says. */
  async get(request: GetRequest, signal?: AbortSignal): Promise<GetAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.getOnce(request, signal);
      } catch (error) {
        if (attempt >= this.limits.maxAttempts || signal?.aborted === true || !this.mayRepeat(error)) throw error;
        await delay(Math.random() * FIRST_PAUSE_MS * 2 ** attempt, undefined, signal === undefined ? {} : { signal });
      }
    }
  }

  close(): void {
    void this.agent.destroy();
  }

  private mayRepeat(error: unknown): boolean {
    if (!(error instanceof StoreRefusal && error.code === 'RequestTimeTooSkewed')) return isRetryable(error);
    this.clockOffsetMs = error.at.getTime() - Date.now();
    return true;
  }

  private async getOnce({ bucket, key, versionId, range }: GetRequest, signal?: AbortSignal): Promise<GetAnswer> {
    const { origin, credentials, ...address } = await this.addressOf(bucket, key);
    const { target, headers } = signRequest(
      {
        ...address,
        method: 'GET',
        headers: range === undefined ? {} : { range },
        query: versionId === undefined ? {} : { versionId },
        signedAt: new Date(Date.now() + this.clockOffsetMs),
      },
      credentials,
    );
    return new Promise((resolve, reject) => {
      const handler = new GetHandler(this.buffers, resolve, reject, signal);
      this.agent.dispatch({ origin, path: target, method: 'GET', headers }, handler);
    });
  }
}

const isRetryable = (error: unknown) => {
  const known = toStoreError('open', error);
  return known instanceof ObjectStoreError && known.retryable;
};

type Controller = Dispatcher.DispatchController;

/** Of one request: its answer's head, then its body, or the text of a refusal. */
class GetHandler implements Dispatcher.DispatchHandler {
  private controller: Controller | undefined;
  private body: ObjectBody | undefined;
  private refusal: StoreRefusal | undefined;

  constructor(
    private readonly buffers: ReadBuffers,
    private readonly resolve: (answer: GetAnswer) => void,
    private readonly reject: (error: unknown) => void,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.abort, { once: true });
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (this.signal?.aborted === true) this.abort();
  }

  onResponseStart(controller: Controller, status: number, given: Dispatcher.ResponseData['headers']): void {
    const headers = given as GetAnswer['headers'];
    if (status >= 300) {
      this.refusal = new StoreRefusal(status, headers['date']);
      return;
    }
    // Bytes come when somebody wants them.
    controller.pause();
    this.body = new ObjectBody(controller, this.buffers);
    this.resolve({ headers, body: this.body });
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.body === undefined) this.refusal?.hear(chunk);
    else this.body.pass(chunk);
  }

  onResponseEnd(): void {
    this.end();
    if (this.body === undefined) this.reject(this.refusal);
    else this.body.finish();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.end();
    if (this.body === undefined) this.reject(this.refusal ?? error);
    else this.body.destroy(toStoreError('read', error, this.signal));
  }

  /** Also of a request that still waits for a connection. */
  private readonly abort = () => {
    const reason = this.signal?.reason as Error;
    this.reject(reason);
    this.controller?.abort(reason);
  };

  private end(): void {
    this.signal?.removeEventListener('abort', this.abort);
  }
}
