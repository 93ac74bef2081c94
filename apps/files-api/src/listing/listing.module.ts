import { Module } from '@nestjs/common';
import { ListFiles } from './list-files.service.js';
import { ListingController } from './listing.controller.js';

@Module({ controllers: [ListingController], providers: [ListFiles] })
export class ListingModule {}
