import type { FilesApiConfig } from '@custody/config';
import type { Once } from '@custody/data';
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
import type { FastifyReply } from 'fastify';
import { mergeMap, tap, type Observable } from 'rxjs';
import { CONFIG } from '../configuration.module.js';
import type { CallingRequest } from '../requests/caller.decorator.js';
import { fingerprintOf } from './fingerprint.js';
import { keyOf } from './idempotency-key.js';

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
    const http = execution.switchToHttp();
    const request = http.getRequest<CallingRequest>();
    const key = keyOf(request.headers['idempotency-key']);
    if (key === undefined) return next.handle();
    const once = onceOf(key, fingerprintOf(request.method, pathOf(request.url), request.body), this.config);
    request.once = once;
    const mark = () => {
      if (once.replayed) http.getResponse<FastifyReply>().header('idempotent-replayed', 'true');
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

/** The part of a context that makes a step happen once a key, at whatever door. */
export function onceOf(key: string, fingerprint: string, { uploads }: Pick<FilesApiConfig, 'uploads'>): Once {
  return { key, fingerprint, keepSec: uploads.idempotencyKeepSec, replayed: false };
}

/** A door that creates something: it takes an `Idempotency-Key`. */
export const Creates = () => applyDecorators(UseInterceptors(TakeIdempotencyKey));

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
