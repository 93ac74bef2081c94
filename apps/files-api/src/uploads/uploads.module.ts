import { ConfirmModule } from '@custody/confirm';
import { Module } from '@nestjs/common';
import { BeginParts } from './begin-parts.service.js';
import { CompleteUpload } from './complete-upload.service.js';
import { InitiateUpload } from './initiate-upload.service.js';
import { CompleteParts } from './complete-parts.service.js';
import { ExpectUpload } from './expect-upload.service.js';
import { OpenMultipart } from './open-multipart.service.js';
import { ProxiedUploadController } from './proxied-upload.controller.js';
import { ReceiveOnce } from './receive-once.service.js';
import { ReceiveUpload } from './receive-upload.service.js';
import { RegisterUpload } from './register-upload.service.js';
import { SignUpload } from './sign-upload.service.js';
import { StageUpload } from './stage-upload.service.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsResolver } from './uploads.resolver.js';

@Module({
  imports: [ConfirmModule],
  controllers: [UploadsController, ProxiedUploadController],
  providers: [
    BeginParts,
    CompleteParts,
    CompleteUpload,
    ExpectUpload,
    InitiateUpload,
    OpenMultipart,
    ReceiveOnce,
    ReceiveUpload,
    RegisterUpload,
    SignUpload,
    StageUpload,
    UploadsResolver,
  ],
  exports: [BeginParts, CompleteUpload, ExpectUpload, InitiateUpload, SignUpload],
})
export class UploadsModule {}
