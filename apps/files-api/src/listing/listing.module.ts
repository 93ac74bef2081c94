import { Module } from '@nestjs/common';
import { ListFiles } from './list-files.service.js';
import { ListingController } from './listing.controller.js';
import { ListingResolver } from './listing.resolver.js';

@Module({ controllers: [ListingController], providers: [ListFiles, ListingResolver] })
export class ListingModule {}
