import type { ExecutionContext } from '@nestjs/common';
import type { Actor } from './actor.js';

/** What the guard needs of a Fastify request; `actor` is there once it has let the request in. */
export interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string };
  readonly params?: unknown;
  actor?: Actor;
}

interface GraphqlContext {
  readonly req?: AuthenticatedRequest;
  readonly reply?: { readonly request: AuthenticatedRequest };
}

/** The HTTP request behind a handler: of a controller, or of a resolver (root, args, context, info). */
export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  if (context.getType<string>() !== 'graphql') return context.switchToHttp().getRequest<AuthenticatedRequest>();
  const graphql = context.getArgByIndex<GraphqlContext>(2);
  const request = graphql.req ?? graphql.reply?.request;
  if (request === undefined) throw new Error('the GraphQL context carries no request');
  return request;
}
