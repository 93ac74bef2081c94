import { requestOf, type Actor } from '@custody/auth';
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
}

/** A request past the guard. `once`: with an Idempotency-Key, at a door that takes it. */
export type CallingRequest = FastifyRequest & { actor?: Actor; once?: Once };

/** One caller a request: whatever is batched for a request is found by its context. */
const callers = new WeakMap<object, Caller>();

/** The key of a field that creates something, by the `info` of its resolver: a request may have several such fields. */
export const onceOfField = new WeakMap<object, Once>();

/** The one place where an actor of a request becomes the context of its steps in PostgreSQL; in controllers and resolvers. */
export const CurrentCaller = createParamDecorator((_data: unknown, execution: ExecutionContext): Caller => {
  const request = requestOf(execution) as unknown as CallingRequest;
  const { actor } = request;
  if (actor === undefined) throw new Error('@CurrentCaller on a handler that authenticates nobody');
  const caller = callers.get(request) ?? callerOf(actor, request);
  callers.set(request, caller);
  const info: unknown = execution.getType<string>() === 'graphql' ? execution.getArgByIndex(3) : undefined;
  const once = typeof info === 'object' && info !== null ? onceOfField.get(info) : undefined;
  return once === undefined ? caller : { ...caller, context: { ...caller.context, once } };
});

function callerOf(actor: Actor, { raw, once }: CallingRequest): Caller {
  identify({ tenantId: actor.tenantId, actorId: actor.userId });
  const { requestId, traceparent } = contextOfRequest(raw);
  return {
    context: {
      tenantId: actor.tenantId,
      actor: `user:${actor.userId}`,
      groups: actor.groups,
      isAdmin: actor.scopes.has('files:admin'),
      requestId,
      traceparent,
      ...(once && { once }),
    },
    userId: actor.userId,
    scopes: actor.scopes,
    expiresAt: new Date(actor.expiresAtSec * 1_000),
  };
}
