import { RequireScopes } from '@custody/auth';
import { Controller, Get, Header } from '@nestjs/common';
import type { FileTypeList } from './file-types.schema.js';
import { ListFileTypes } from './list-file-types.service.js';

@Controller('v1/file-types')
export class FileTypesController {
  constructor(private readonly listFileTypes: ListFileTypes) {}

  @Get()
  @RequireScopes('files:read')
  @Header('cache-control', 'private, max-age=3600')
  list(): FileTypeList {
    return this.listFileTypes.execute();
  }
}
