import type { FilesApiConfig } from '@custody/config';
import { CrashPoints } from '@custody/observability';
import {
  applyDecorators,
  Inject,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { mergeMap, tap, type Observable } from 'rxjs';
import { CONFIG } from '../configuration.module.js';
import { giveOnce } from '../requests/caller.decorator.js';
import { keyedCall } from './keyed-call.js';

/**
 * Takes the key of a creating request and says in the answer when it was a replay. The step in PostgreSQL does the rest: the key
 * travels to it in the caller's context (ADR 0019).
 */
@Injectable()
class TakeIdempotencyKey implements NestInterceptor {
  constructor(
    @Inject(CONFIG) private readonly config: FilesApiConfig,
    private readonly crashPoints: CrashPoints,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const call = keyedCall(execution);
    if (call === undefined) return next.handle();
    const { key, fingerprint, reply } = call;
    const once = { key, fingerprint, keepSec: this.config.uploads.idempotencyKeepSec, replayed: false };
    giveOnce(execution, once);
    const mark = () => {
      if (once.replayed) reply.header('idempotent-replayed', 'true');
    };
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        await this.crashPoints.reach('before-answer');
        return answer;
      }),
      tap({ next: mark, error: mark }),
    );
  }
}

/** A door or a mutation that creates something: it takes an `Idempotency-Key`. */
export const Creates = () => applyDecorators(UseInterceptors(TakeIdempotencyKey));
