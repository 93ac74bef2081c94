export { CurrentActor, Public, RequireScopes, RequireToken, TakesUploadToken } from './access.decorators.js';
export type { Actor, UploadBounds } from './actor.js';
export { assertEveryRouteDeclaresAccess } from './assert-every-route-declares-access.js';
export { AuthError, type AuthErrorCode } from './auth.error.js';
export { AuthModule, type AuthModuleAsyncOptions } from './auth.module.js';
export { requestOf } from './request-of.js';
export type { AuthLimits, AuthOptions } from './auth.options.js';
export { UploadTokens, type UploadToken } from './upload-tokens.js';
