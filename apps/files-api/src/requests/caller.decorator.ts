import { requestOf, type Actor, type UploadBounds } from '@custody/auth';
import type { Once, StepContext } from '@custody/data';
import type { UserId } from '@custody/domain';
import { contextOfRequest, identify } from '@custody/observability';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who asks. Tenant and user come from the token and from nothing else (M34, S31). */
export interface Caller {
  readonly context: StepContext;
  readonly userId: UserId;
  readonly scopes: Actor['scopes'];
  /** From then on nothing more may be handed out on this token. */
  readonly expiresAt: Date;
  /** Where an upload token may upload to; undefined: the token is another. */
  readonly bounds: UploadBounds | undefined;
}

/** A request past the guard. */
export type CallingRequest = FastifyRequest & { actor?: Actor };

/** One caller a request: whatever is batched for a request is found by its context. */
const callers = new WeakMap<object, Caller>();
/** By request, or by mutation of a document: each creating call has its own. */
const onces = new WeakMap<object, Once>();

/** From here on the caller of this call acts under an Idempotency-Key. */
export function giveOnce(execution: ExecutionContext, once: Once): void {
  onces.set(callOf(execution), once);
}

const callOf = (execution: ExecutionContext): object =>
  execution.getType<string>() === 'graphql' ? execution.getArgByIndex<object>(3) : requestOf(execution);

/** The one place where an actor of a request becomes the context of its steps in PostgreSQL; in controllers and resolvers. */
export const CurrentCaller = createParamDecorator((_data: unknown, execution: ExecutionContext): Caller => {
  const caller = callerOf(requestOf(execution) as unknown as CallingRequest);
  const once = onces.get(callOf(execution));
  return once === undefined ? caller : { ...caller, context: { ...caller.context, once } };
});

function callerOf(request: CallingRequest): Caller {
  const { actor } = request;
  if (actor === undefined) throw new Error('@CurrentCaller on a handler that authenticates nobody');
  const known = callers.get(request);
  if (known !== undefined) return known;
  identify({ tenantId: actor.tenantId, actorId: actor.userId });
  const { requestId, traceparent } = contextOfRequest(request.raw);
  const caller: Caller = {
    context: {
      tenantId: actor.tenantId,
      actor: `user:${actor.userId}`,
      groups: actor.groups,
      isAdmin: actor.scopes.has('files:admin'),
      requestId,
      traceparent,
    },
    userId: actor.userId,
    scopes: actor.scopes,
    expiresAt: new Date(actor.expiresAtSec * 1_000),
    bounds: actor.bounds,
  };
  callers.set(request, caller);
  return caller;
}
