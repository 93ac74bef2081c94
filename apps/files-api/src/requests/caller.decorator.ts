import type { Actor } from '@custody/auth';
import type { StepContext } from '@custody/data';
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

/** The one place where an actor of a request becomes the context of its steps in PostgreSQL. */
export const CurrentCaller = createParamDecorator((_data: unknown, execution: ExecutionContext): Caller => {
  const request = execution.switchToHttp().getRequest<FastifyRequest & { actor?: Actor }>();
  const { actor } = request;
  if (actor === undefined) throw new Error('@CurrentCaller on a handler that authenticates nobody');
  identify({ tenantId: actor.tenantId, actorId: actor.userId });
  const { requestId, traceparent } = contextOfRequest(request.raw);
  return {
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
  };
});
