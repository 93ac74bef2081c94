import { Module } from '@nestjs/common';
import { CreateThumbnailUrl } from './create-thumbnail-url.service.js';
import { ThumbnailsController } from './thumbnails.controller.js';

@Module({ controllers: [ThumbnailsController], providers: [CreateThumbnailUrl] })
export class ThumbnailsModule {}
