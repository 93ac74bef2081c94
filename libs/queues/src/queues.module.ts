import { FileEventHints, JOBS } from '@custody/contracts';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { FileEventChannel } from './file-event-channel.js';
import { queuesOf, type JobCatalogue } from './job-catalogue.js';
import { QueueProducer } from './producer/queue-producer.js';
import { Reconnection } from './reconnection.js';
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
    const connection = connectionModule(imports, inject, useFactory as (...dependencies: unknown[]) => QueueConnection);
    return {
      module: QueuesModule,
      global: true,
      imports: [
        connection,
        BullModule.forRootAsync({
          imports: [connection],
          inject: [CONNECTION, Reconnection],
          useFactory: (options: QueueConnection, reconnection: Reconnection) => producerOptions(options, reconnection),
        }),
        BullModule.registerQueue(...names.map((name) => ({ name }))),
      ],
      providers: [
        {
          provide: QueueProducer,
          inject: [CONNECTION, ...names.map((name) => getQueueToken(name))],
          useFactory: ({ commandTimeoutMs }: QueueConnection, ...queues: Queue[]) =>
            new QueueProducer(catalogue, queues, commandTimeoutMs),
        },
        {
          provide: FileEventChannel,
          inject: [CONNECTION, Reconnection],
          useFactory: (options: QueueConnection, reconnection: Reconnection) =>
            new FileEventChannel(options, reconnection),
        },
        { provide: FileEventHints, useExisting: FileEventChannel },
      ],
      exports: [QueueProducer, FileEventChannel, FileEventHints],
    };
  }
}

@Module({})
class QueueConnectionModule {}

const connectionModule = (
  imports: NonNullable<ModuleMetadata['imports']>,
  inject: InjectionToken[],
  useFactory: (...dependencies: unknown[]) => QueueConnection,
): DynamicModule => ({
  module: QueueConnectionModule,
  imports,
  providers: [{ provide: CONNECTION, inject, useFactory }, Reconnection],
  exports: [CONNECTION, Reconnection],
});
