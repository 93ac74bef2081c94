import { Module } from '@nestjs/common';
import { MultipartModule } from '../multipart/multipart.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { VersionsModule } from '../versions/versions.module.js';
import { CompleteUploadedParts } from './complete-uploaded-parts.service.js';
import { CreateParts } from './create-parts.service.js';
import { CreateUploadToken } from './create-upload-token.service.js';
import { ExpectFile } from './expect-file.service.js';
import { ListUploadedParts } from './list-uploaded-parts.service.js';
import { PresignSingle } from './presign-single.service.js';
import { SignPart } from './sign-part.service.js';
import { UploadTokensController } from './upload-tokens.controller.js';
import { UppyPartsController } from './uppy-parts.controller.js';
import { UppyController } from './uppy.controller.js';

@Module({
  imports: [MultipartModule, UploadsModule, VersionsModule],
  controllers: [UppyController, UppyPartsController, UploadTokensController],
  providers: [
    CompleteUploadedParts,
    CreateParts,
    CreateUploadToken,
    ExpectFile,
    ListUploadedParts,
    PresignSingle,
    SignPart,
  ],
})
export class UppyModule {}
