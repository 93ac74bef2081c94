import { Module } from '@nestjs/common';
import { ConfirmUpload } from './confirm-upload.service.js';

/** Needs `DataModule`, `StorageModule` and a global `OutboxPublisher` in the application. */
@Module({ providers: [ConfirmUpload], exports: [ConfirmUpload] })
export class ConfirmModule {}
