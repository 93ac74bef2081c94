import { createHash, timingSafeEqual } from 'node:crypto';
import { Public } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { CustodyError } from '@custody/domain';
import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { validated } from '../requests/validation.js';
import { ReceiveStoreEvent } from './receive-store-event.service.js';
import { storeEventSchema } from './store-event.schema.js';

/** Where the store posts "object created"; stores that cannot send a header give the secret as the last path segment. */
@Controller('internal/s3-events')
@Public('the store holds no token of a tenant; each call must carry the shared secret')
export class StoreEventsController {
  constructor(
    private readonly receive: ReceiveStoreEvent,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Post()
  @HttpCode(204)
  async withHeader(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<void> {
    await this.accept(/^Bearer (.+)$/i.exec(authorization ?? '')?.[1], body);
  }

  @Post(':token')
  @HttpCode(204)
  async withPath(@Param('token') token: string, @Body() body: unknown): Promise<void> {
    await this.accept(token, body);
  }

  /** The secret comes first: a stranger learns nothing about what a valid event looks like. */
  private async accept(token: string | undefined, body: unknown): Promise<void> {
    if (!isSecret(token, this.config.http.s3EventsToken)) throw new CustodyError('UNAUTHENTICATED');
    await this.receive.execute(validated(storeEventSchema, body));
  }
}

/** In constant time: digests have one length whatever was sent. A door without a secret is closed. */
function isSecret(given: string | undefined, secret: string | undefined): boolean {
  if (given === undefined || secret === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
