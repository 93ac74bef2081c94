import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { ACCESS, UPLOAD_TOKEN, type Access } from './access.decorators.js';
import type { Actor } from './actor.js';
import { AuthError } from './auth.error.js';
import { BEARER_STRATEGY } from './bearer-jwt.strategy.js';
import { requestOf, type AuthenticatedRequest } from './request-of.js';
import { UploadTokens } from './upload-tokens.js';

/** The one guard of every door: lets in what the handler's declaration allows and throws an `AuthError` else. */
@Injectable()
export class AccessGuard extends AuthGuard(BEARER_STRATEGY) implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly uploadTokens: UploadTokens,
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
    // Fields of one GraphQL request share the request: its token is verified once, each scope at each field.
    if (requestOf(context).actor === undefined) await this.authenticate(context);
    const { actor } = requestOf(context);
    if (actor === undefined) throw AuthError.missingToken();
    if (!access.scopes.every((scope) => actor.scopes.has(scope))) throw AuthError.insufficientScope(access.scopes);
    return true;
  }

  private async authenticate(context: ExecutionContext): Promise<void> {
    const token = this.uploadTokenOf(context);
    if (token === undefined) await super.canActivate(context);
    else requestOf(context).actor = await this.uploadTokens.verify(token);
  }

  /** Only a handler that says so looks for one: no other route takes its token from a path. */
  private uploadTokenOf(context: ExecutionContext): string | undefined {
    const takesOne = this.reflector.getAllAndOverride<true | undefined>(UPLOAD_TOKEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { token } = takesOne === true ? ((requestOf(context).params ?? {}) as { token?: string }) : {};
    return token;
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
