import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ACCESS, UPLOAD_TOKEN, type Access } from './access.decorators.js';
import type { Actor } from './actor.js';
import { AuthError } from './auth.error.js';
import { BEARER_STRATEGY } from './bearer-jwt.strategy.js';
import { JwksKeys } from './jwks-keys.js';
import { requestOf, type AuthenticatedRequest } from './request-of.js';
import { UploadTokens } from './upload-tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

/** The one guard of every door: lets in what the handler's declaration allows and throws an `AuthError` else. */
@Injectable()
export class AccessGuard extends AuthGuard(BEARER_STRATEGY) implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly uploadTokens: UploadTokens,
    private readonly keys: JwksKeys,
    private readonly verified: VerifiedTokens,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages of our own queues carry no token; their payload is validated where they are consumed.
    if (context.getType() === 'rpc') return true;
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined)
      throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no access`);
    if (access.kind === 'public') return true;
    const actor = await this.#actorOf(context);
    if (!access.scopes.every((scope) => actor.scopes.has(scope))) throw AuthError.insufficientScope(access.scopes);
    return true;
  }

  async #actorOf(context: ExecutionContext): Promise<Actor> {
    const request = requestOf(context);
    // Fields of one GraphQL request share the request: its token is looked at once, each scope at each field.
    if (request.actor !== undefined) return request.actor;
    const { authorization } = request.headers;
    const uploadToken = this.#uploadTokenOf(context);
    if (uploadToken !== undefined) return (request.actor = await this.uploadTokens.verify(uploadToken));
    const known = this.verified.find(authorization);
    if (known !== undefined) return (request.actor = known);
    const keysFetched = this.keys.fetched;
    await super.canActivate(context);
    const { actor } = requestOf(context);
    if (actor === undefined || authorization === undefined) throw AuthError.missingToken();
    this.verified.remember(authorization, actor, keysFetched);
    return actor;
  }

  /** Only a handler that says so looks for one: no other route takes its token from a path. */
  #uploadTokenOf(context: ExecutionContext): string | undefined {
    const takesOne = this.reflector.getAllAndOverride<true | undefined>(UPLOAD_TOKEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (takesOne !== true) return undefined;
    return (requestOf(context).params as { readonly token?: string } | undefined)?.token;
  }

  override getRequest(context: ExecutionContext): AuthenticatedRequest {
    return requestOf(context);
  }

  /** Passport never answers by itself; it only hands this object to strategies that redirect. */
  getResponse(): object {
    return {};
  }

  override getAuthenticateOptions() {
    return { session: false, property: 'actor' };
  }

  /** `failure` is what passport calls info: why a strategy failed. */
  override handleRequest<T = Actor>(
    error: unknown,
    actor: T | false | undefined,
    failure: unknown,
    context: ExecutionContext,
  ): T {
    if (error) throw error instanceof Error ? error : new Error('authentication failed', { cause: error });
    if (failure instanceof AuthError) throw failure;
    if (actor) return actor;
    if (requestOf(context).headers.authorization === undefined) throw AuthError.missingToken();
    const expired = failure instanceof Error && failure.name === 'TokenExpiredError';
    throw AuthError.invalidToken(expired ? 'The token has expired.' : undefined, failure);
  }
}
