import { requestOf } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import {
  applyDecorators,
  Inject,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { MercuriusContext } from 'mercurius';
import { tap, type Observable } from 'rxjs';
import { CONFIG } from '../configuration.module.js';
import { onceOfField, type CallingRequest } from '../requests/caller.decorator.js';
import { fingerprintOf } from './fingerprint.js';
import { keyOf } from './idempotency-key.js';
import { onceOf } from './take-idempotency-key.interceptor.js';

/**
 * The same for a mutation. One request may create several things: each has the key of the request and the name it is answered under,
 * and its own arguments for a fingerprint.
 */
@Injectable()
class TakeFieldKey implements NestInterceptor {
  constructor(@Inject(CONFIG) private readonly config: FilesApiConfig) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = requestOf(execution) as unknown as CallingRequest;
    const key = keyOf(request.headers['idempotency-key']);
    if (key === undefined) return next.handle();
    const { reply } = execution.getArgByIndex<MercuriusContext>(2);
    const info = execution.getArgByIndex<GraphQLResolveInfo>(3);
    const fingerprint = fingerprintOf('mutation', info.fieldName, execution.getArgByIndex(1));
    // An alias may be as long as a document: of a name of any length the key takes the digest.
    const name = fingerprintOf('field', String(info.path.key), null);
    const once = onceOf(`${key} ${name}`, fingerprint, this.config);
    onceOfField.set(info, once);
    const mark = () => {
      if (once.replayed) reply.header('idempotent-replayed', 'true');
    };
    return next.handle().pipe(tap({ next: mark, error: mark }));
  }
}

/** A mutation that creates something: it takes the `Idempotency-Key` of the request. */
export const CreatesByMutation = () => applyDecorators(UseInterceptors(TakeFieldKey));
