import { OutboxRepository } from '@custody/data';
import { OutboxPublisher, QueueProducer } from '@custody/queues';
import { Global, Module } from '@nestjs/common';

/** Publishes what the reconciler's confirms write, at once; the relay is the net. */
@Global()
@Module({
  providers: [
    {
      provide: OutboxPublisher,
      inject: [QueueProducer, OutboxRepository],
      useFactory: (producer: QueueProducer, marks: OutboxRepository) => new OutboxPublisher(producer, marks),
    },
  ],
  exports: [OutboxPublisher],
})
export class OutboxPublisherModule {}
