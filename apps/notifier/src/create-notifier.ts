import type { NotifierConfig } from '@custody/config';
import { Logger } from '@custody/observability';
import { BullMqStrategy } from '@custody/queues';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { NotifierModule } from './notifier.module.js';

/** The whole process, not yet listening: a consumer of the notify queue with health and metrics over HTTP. */
export async function createNotifier(config: NotifierConfig): Promise<INestApplication> {
  const app = await NestFactory.create(NotifierModule.forRoot(config), new FastifyAdapter(), { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.connectMicroservice({
    strategy: new BullMqStrategy({
      ...config.redis,
      shutdownGraceSec: config.runtime.shutdownGraceSec,
      queues: { notify: config.notify.concurrency },
    }),
  });
  return app;
}
