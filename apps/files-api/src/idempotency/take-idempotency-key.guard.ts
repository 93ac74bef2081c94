import type { Once } from '@custody/data';
import type { FilesApiConfig } from '@custody/config';
import {
  applyDecorators,
  Inject,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import { giveOnce } from '../requests/caller.decorator.js';
import { keyedCall, type KeyedCall } from './keyed-call.js';

/** A call under a key. It says in its answer, a refusal too, that it was a replay, as soon as the step has said so. */
class OnceAnswered implements Once {
  readonly key: string;
  readonly fingerprint: string;
  // Private: what is enumerable travels into PostgreSQL.
  readonly #reply: FastifyReply;
  #replayed = false;

  constructor(
    { key, fingerprint, reply }: KeyedCall,
    readonly keepSec: number,
  ) {
    this.key = key;
    this.fingerprint = fingerprint;
    this.#reply = reply;
  }

  get replayed(): boolean {
    return this.#replayed;
  }

  set replayed(replayed: boolean) {
    this.#replayed = replayed;
    if (replayed) this.#reply.header('idempotent-replayed', 'true');
  }
}

/**
 * Takes the key of a creating request. The step in PostgreSQL does the rest: the key travels to it in the caller's context (ADR 0019).
 * A guard, which costs a request without a key next to nothing, where an interceptor makes a chain of observables of each.
 */
@Injectable()
class TakeIdempotencyKey implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: FilesApiConfig) {}

  /** Lets everybody in. Throws `validation-error`. */
  canActivate(execution: ExecutionContext): boolean {
    const call = keyedCall(execution);
    if (call !== undefined) giveOnce(execution, new OnceAnswered(call, this.config.uploads.idempotencyKeepSec));
    return true;
  }
}

/** A door or a mutation that creates something: it takes an `Idempotency-Key`. */
export const Creates = () => applyDecorators(UseGuards(TakeIdempotencyKey));
