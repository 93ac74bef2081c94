import { ConfirmModule } from '@custody/confirm';
import { Module } from '@nestjs/common';
import { CompleteUpload } from './complete-upload.service.js';
import { InitiateUpload } from './initiate-upload.service.js';
import { CompleteParts } from './complete-parts.service.js';
import { OpenMultipart } from './open-multipart.service.js';
import { ProxiedUploadController } from './proxied-upload.controller.js';
import { ReceiveUpload } from './receive-upload.service.js';
import { SignUpload } from './sign-upload.service.js';
import { UploadsController } from './uploads.controller.js';

@Module({
  imports: [ConfirmModule],
  controllers: [UploadsController, ProxiedUploadController],
  providers: [CompleteParts, CompleteUpload, InitiateUpload, OpenMultipart, ReceiveUpload, SignUpload],
  exports: [InitiateUpload, SignUpload],
})
export class UploadsModule {}
