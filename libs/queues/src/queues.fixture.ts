import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Controller, Logger, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload, type CustomStrategy } from '@nestjs/microservices';
import { getQueueToken } from '@nestjs/bullmq';
import { z } from 'zod';
import type { Queue } from 'bullmq';
import { BullMqStrategy, JobContext, JobHandler, QueueProducer, QueuesModule } from './index.js';

Logger.overrideLogger(false);

const payloadSchema = z.strictObject({ tenantId: z.uuid(), step: z.string().optional() });

export const catalogue = {
  'work.v1': { queue: 'work', payload: payloadSchema, attempts: 3, backoffMs: 20 },
  'once.v1': { queue: 'work', payload: payloadSchema, attempts: 1, backoffMs: 20 },
  'short.v1': { queue: 'work', payload: payloadSchema, attempts: 1, backoffMs: 20, timeoutMs: 100 },
};

export type WorkPayload = z.infer<typeof payloadSchema>;
export type Handle = (payload: WorkPayload, context: JobContext) => unknown;

export const connectionTo = (url: string, prefix = `test-${randomUUID()}`) => ({ url, prefix, commandTimeoutMs: 500 });
export type Connection = ReturnType<typeof connectionTo>;

/** A consumer process in miniature: a Nest microservice whose handlers all do `handle`. */
export async function startConsumer(
  connection: Connection,
  handle: Handle,
  options: { concurrency?: number; shutdownGraceSec?: number } = {},
): Promise<{ strategy: BullMqStrategy; app: INestMicroservice }> {
  @Controller()
  class WorkController {
    @JobHandler('work.v1')
    work(@Payload() data: WorkPayload, @Ctx() context: JobContext): unknown {
      return handle(data, context);
    }

    @JobHandler('once.v1')
    once(@Payload() data: WorkPayload, @Ctx() context: JobContext): unknown {
      return handle(data, context);
    }

    @JobHandler('short.v1')
    short(@Payload() data: WorkPayload, @Ctx() context: JobContext): unknown {
      return handle(data, context);
    }
  }
  return startWith([WorkController], connection, options);
}

export async function startWith(
  controllers: (new () => object)[],
  connection: Connection,
  { concurrency = 2, shutdownGraceSec = 5 } = {},
): Promise<{ strategy: BullMqStrategy; app: INestMicroservice }> {
  @Module({ controllers })
  class ConsumerModule {}
  const strategy = new BullMqStrategy({
    ...connection,
    catalogue,
    queues: { work: concurrency },
    lockSec: 1,
    stalledIntervalSec: 0.2,
    shutdownGraceSec,
  });
  const transport: CustomStrategy = { strategy };
  const app = await NestFactory.createMicroservice(ConsumerModule, transport);
  await app.listen();
  return { strategy, app };
}

/** A producing process in miniature, and BullMQ's own view of the queue. */
export async function startProducer(connection: Connection) {
  const app = await NestFactory.createApplicationContext(
    QueuesModule.forRootAsync({ catalogue, useFactory: () => connection }),
  );
  return { app, producer: app.get(QueueProducer), queue: app.get<Queue>(getQueueToken('work')) };
}

export const message = (name: keyof typeof catalogue = 'work.v1', step?: string) => ({
  id: randomUUID(),
  name,
  payload: { tenantId: randomUUID(), ...(step && { step }) },
});
