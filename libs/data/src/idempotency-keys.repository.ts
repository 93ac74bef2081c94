import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OnceContext, StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** What a request that is over left under its key. `result` has what its step made. */
export interface FinishedRequest {
  readonly fingerprint: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * Keys of requests whose body takes long to arrive (ADR 0019): claimed first, so that a second request is refused instead of
 * uploading as well. Steps that need no such claim take their key themselves.
 */
@Injectable()
export class IdempotencyKeysRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Makes the key the caller's for `leaseSec`: a context for its step and for the calls below. Or the request that finished under it.
   * Throws `IDEMPOTENCY_KEY_IN_FLIGHT`.
   */
  async claim(context: OnceContext, leaseSec: number): Promise<OnceContext | FinishedRequest> {
    const claimed = { ...context, once: { ...context.once, claim: randomUUID() } };
    const [row] = await this.database.call<{ fingerprint: string | null; result: FinishedRequest['result'] | null }>(
      claimed,
      'SELECT * FROM claim_key($1, make_interval(secs => $2))',
      [leaseSec],
    );
    const { fingerprint = null, result = null } = row ?? {};
    return fingerprint === null || result === null ? claimed : { fingerprint, result };
  }

  /** False: the claim had lapsed and another request has the key, or the step is done. */
  async renew(context: OnceContext, leaseSec: number): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(
      context,
      'SELECT renew_key($1, make_interval(secs => $2)) AS ok',
      [leaseSec],
    );
    return row?.ok ?? false;
  }

  /** Gives a claim back whose step did not happen; leaves every other key alone. */
  async release(context: StepContext): Promise<void> {
    await this.database.call(context, 'SELECT release_key($1)');
  }
}
