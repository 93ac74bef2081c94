import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { assertEveryRouteDeclaresAccess } from './assert-every-route-declares-access.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { BearerJwtStrategy } from './bearer-jwt.strategy.js';
import { JwksKeys } from './jwks-keys.js';
import { UploadTokens } from './upload-tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

export type AuthModuleAsyncOptions = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<AuthOptions>, 'inject' | 'useFactory'>;

/** Guards every door of the application and refuses to start while one of them declares no access. */
@Module({})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  static forRootAsync(options: AuthModuleAsyncOptions): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [DiscoveryModule, ...(options.imports ?? [])],
      providers: [
        { provide: AUTH_OPTIONS, useFactory: options.useFactory, inject: options.inject ?? [] },
        { provide: APP_GUARD, useClass: AccessGuard },
        BearerJwtStrategy,
        JwksKeys,
        UploadTokens,
        VerifiedTokens,
      ],
      exports: [UploadTokens],
    };
  }

  onModuleInit(): void {
    assertEveryRouteDeclaresAccess(this.discovery, this.scanner);
  }
}
