import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { CreateListedThumbnails } from './create-listed-thumbnails.service.js';
import { CreateThumbnailUrl } from './create-thumbnail-url.service.js';
import { ThumbnailsController } from './thumbnails.controller.js';
import { ThumbnailsResolver } from './thumbnails.resolver.js';

@Module({
  imports: [FilesModule],
  controllers: [ThumbnailsController],
  providers: [CreateListedThumbnails, CreateThumbnailUrl, ThumbnailsResolver],
})
export class ThumbnailsModule {}
