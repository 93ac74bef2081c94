import { Catch, Controller, Get, Logger, Module, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CurrentActor, Public, RequireScopes } from './access.decorators.js';
import type { Actor } from './actor.js';
import { AuthError } from './auth.error.js';
import { AuthModule } from './auth.module.js';
import type { AuthOptions } from './auth.options.js';

export const UPLOAD_TOKENS_KEY = Buffer.alloc(32, 'upload').toString('base64');

function shown(actor: Actor) {
  return { ...actor, scopes: [...actor.scopes] };
}

@Controller()
class DoorsController {
  @Get('read')
  @RequireScopes('files:read')
  read(@CurrentActor() actor: Actor) {
    return shown(actor);
  }

  @Get('read-write')
  @RequireScopes('files:read', 'files:write')
  readWrite(@CurrentActor() actor: Actor) {
    return shown(actor);
  }

  @Get('open')
  @Public('for the test')
  open() {
    return {};
  }
}

@Controller('class')
@RequireScopes('files:admin')
class ClassController {
  @Get('inherited')
  inherited() {
    return {};
  }

  @Get('own')
  @RequireScopes('files:read')
  own() {
    return {};
  }
}

const STATUS = { UNAUTHENTICATED: 401, INSUFFICIENT_SCOPE: 403, AUTH_UNAVAILABLE: 503 } as const;

/** What the gateway does with an `AuthError`, as small as it can be. */
@Catch(AuthError)
class AuthErrorFilter implements ExceptionFilter<AuthError> {
  catch(error: AuthError, host: ArgumentsHost) {
    const reply = host
      .switchToHttp()
      .getResponse<{ status(code: number): { headers(h: object): { send(body: object): void } } }>();
    const headers = error.challenge === null ? {} : { 'www-authenticate': error.challenge };
    reply.status(STATUS[error.code]).headers(headers).send({ code: error.code, detail: error.message });
  }
}

/** A whole Nest application on Fastify behind the access guard. */
export class GuardedApp {
  #app: NestFastifyApplication | undefined;

  async start(options: AuthOptions): Promise<void> {
    Logger.overrideLogger(false);
    @Module({
      imports: [AuthModule.forRootAsync({ useFactory: () => options })],
      controllers: [DoorsController, ClassController],
    })
    class GuardedAppModule {}
    this.#app = await NestFactory.create<NestFastifyApplication>(GuardedAppModule, new FastifyAdapter());
    this.#app.useGlobalFilters(new AuthErrorFilter());
    await this.#app.init();
  }

  async stop(): Promise<void> {
    await this.#app?.close();
  }

  async get(url: string, token?: string) {
    if (this.#app === undefined) throw new Error('not started');
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await this.#app.inject({ method: 'GET', url, headers });
    return { status: answer.statusCode, challenge: answer.headers['www-authenticate'], body: answer.json<object>() };
  }
}
