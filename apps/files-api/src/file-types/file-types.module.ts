import { Module } from '@nestjs/common';
import { FileTypesController } from './file-types.controller.js';
import { ListFileTypes } from './list-file-types.service.js';
import { FileTypesResolver } from './file-types.resolver.js';

@Module({ controllers: [FileTypesController], providers: [FileTypesResolver, ListFileTypes] })
export class FileTypesModule {}
