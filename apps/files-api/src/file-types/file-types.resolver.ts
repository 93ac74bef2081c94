import { RequireScopes } from '@custody/auth';
import { Query, Resolver } from '@nestjs/graphql';
import type { FileTypeList } from './file-types.schema.js';
import { ListFileTypes } from './list-file-types.service.js';

@Resolver()
export class FileTypesResolver {
  constructor(private readonly listFileTypes: ListFileTypes) {}

  @Query()
  @RequireScopes('files:read')
  fileTypes(): FileTypeList['items'] {
    return this.listFileTypes.execute().items;
  }
}
