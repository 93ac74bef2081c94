import { Module } from '@nestjs/common';
import { AbortMultipart } from './abort-multipart.service.js';
import { ListParts } from './list-parts.service.js';
import { MultipartController } from './multipart.controller.js';
import { MultipartResolver } from './multipart.resolver.js';
import { SignParts } from './sign-parts.service.js';

@Module({
  controllers: [MultipartController],
  providers: [AbortMultipart, ListParts, MultipartResolver, SignParts],
  exports: [AbortMultipart],
})
export class MultipartModule {}
