import { ConfirmModule } from '@custody/confirm';
import { Module } from '@nestjs/common';
import { ReceiveStoreEvent } from './receive-store-event.service.js';
import { StoreEventsController } from './store-events.controller.js';

@Module({ imports: [ConfirmModule], controllers: [StoreEventsController], providers: [ReceiveStoreEvent] })
export class StoreEventsModule {}
