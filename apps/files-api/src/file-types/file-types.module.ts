import { Module } from '@nestjs/common';
import { FileTypesController } from './file-types.controller.js';
import { ListFileTypes } from './list-file-types.service.js';

@Module({ controllers: [FileTypesController], providers: [ListFileTypes] })
export class FileTypesModule {}
