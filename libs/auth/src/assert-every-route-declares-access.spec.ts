import { Controller, Get, Injectable, Logger, Module, Post, SetMetadata, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Public, RequireScopes } from './access.decorators.js';
import { AuthModule } from './auth.module.js';

const options = {
  ...{ issuer: 'https://issuer.example', audience: 'custody', jwksUrl: 'https://issuer.example/jwks' },
  uploadTokenKeys: '',
};

Logger.overrideLogger(false);

async function start(controllers: Type[], providers: Type[] = []) {
  @Module({ imports: [AuthModule.forRootAsync({ useFactory: () => options })], controllers, providers })
  class AppModule {}
  const app = await NestFactory.create(AppModule, new FastifyAdapter());
  await app.init().finally(() => app.close());
}

@Controller('declared')
class DeclaredController {
  @Get() @RequireScopes('files:read') list() {}
  @Post() @Public('for the test') create() {}
  helper() {}
}

@Controller('forgotten')
class ForgottenController {
  @Get() @RequireScopes('files:read') list() {}
  @Get('leak') leak() {}
  @Post('hole') hole() {}
}

@Controller('inherits')
@RequireScopes('files:read')
class DeclaredClassController extends ForgottenController {}

/** What `@Query()` of the GraphQL package leaves on a resolver. */
@Injectable()
class ForgottenResolver {
  @SetMetadata('graphql:resolver_type', 'Query') files() {}
}

/** The same of `@ResolveField()`. */
@Injectable()
class ForgottenFieldResolver {
  @SetMetadata('graphql:resolve_property', true) downloadUrl() {}
}

describe('the start', () => {
  it('goes on when every handler or its class declares access', async () => {
    await expect(start([DeclaredController, DeclaredClassController])).resolves.toBeUndefined();
  });

  it('stops and names every handler that declares nothing', async () => {
    const message = 'declare @RequireScopes or @Public on: ForgottenController.leak, ForgottenController.hole';
    await expect(start([DeclaredController, ForgottenController])).rejects.toThrow(message);
  });

  it('stops for resolvers as well', async () => {
    await expect(start([], [ForgottenResolver])).rejects.toThrow('ForgottenResolver.files');
    await expect(start([], [ForgottenFieldResolver])).rejects.toThrow('ForgottenFieldResolver.downloadUrl');
  });
});
