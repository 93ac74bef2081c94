import { JOBS } from '@custody/contracts';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { queuesOf, type JobCatalogue } from './job-catalogue.js';
import { QueueProducer } from './producer/queue-producer.js';
import { producerOptions, type QueueConnection } from './redis-connection.js';

const CONNECTION = Symbol('QueueConnection');

export interface QueuesModuleOptions extends Pick<ModuleMetadata, 'imports'> {
  /** `JOBS` of libs/contracts when absent. */
  readonly catalogue?: JobCatalogue;
  readonly inject?: InjectionToken[];
  readonly useFactory: (...dependencies: never[]) => QueueConnection;
}

/** Gives a process a QueueProducer for every queue of the catalogue. Consumers are a BullMqStrategy instead. */
@Module({})
export class QueuesModule {
  static forRootAsync({ catalogue = JOBS, imports = [], inject = [], useFactory }: QueuesModuleOptions): DynamicModule {
    const names = queuesOf(catalogue);
    const create = useFactory as (...dependencies: unknown[]) => QueueConnection;
    return {
      module: QueuesModule,
      global: true,
      imports: [
        ...imports,
        BullModule.forRootAsync({
          imports,
          inject,
          useFactory: (...dependencies: unknown[]) => producerOptions(create(...dependencies)),
        }),
        BullModule.registerQueue(...names.map((name) => ({ name }))),
      ],
      providers: [
        { provide: CONNECTION, inject, useFactory: create },
        {
          provide: QueueProducer,
          inject: [CONNECTION, ...names.map((name) => getQueueToken(name))],
          useFactory: ({ commandTimeoutMs }: QueueConnection, ...queues: Queue[]) =>
            new QueueProducer(catalogue, queues, commandTimeoutMs),
        },
      ],
      exports: [QueueProducer],
    };
  }
}
