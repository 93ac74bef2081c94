import type { Scope } from '@custody/domain';
import { SetMetadata, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from './actor.js';
import { requestOf } from './request-of.js';

export const ACCESS = Symbol('ACCESS');

export type Access =
  { readonly kind: 'scopes'; readonly scopes: readonly Scope[] } | { readonly kind: 'public'; readonly reason: string };

/** The scopes a token needs, all of them. On a handler it replaces what its class declares. */
export function RequireScopes(...scopes: [Scope, ...Scope[]]) {
  return SetMetadata(ACCESS, { kind: 'scopes', scopes } satisfies Access);
}

/** Any valid token will do: for a door whose parts declare their scopes one by one. */
export function RequireToken() {
  return SetMetadata(ACCESS, { kind: 'scopes', scopes: [] } satisfies Access);
}

/** Key of `@TakesUploadToken`. */
export const UPLOAD_TOKEN = Symbol('UPLOAD_TOKEN');

/** The upload token in the path (`:token`), where the route has one, instead of a bearer token; the scopes hold for it too. */
export function TakesUploadToken() {
  return SetMetadata(UPLOAD_TOKEN, true);
}

/** Open to everybody; `reason` says to the reader why that is safe. */
export function Public(reason: string) {
  return SetMetadata(ACCESS, { kind: 'public', reason } satisfies Access);
}

/** The actor of the request, in a controller or a resolver; never present behind `@Public`. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context);
  if (actor === undefined) throw new Error('@CurrentActor on a handler that authenticates nobody');
  return actor;
});
