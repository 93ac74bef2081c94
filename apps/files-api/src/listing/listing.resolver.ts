import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { connection, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { ListFiles } from './list-files.service.js';
import { filesArgumentsSchema, type ListedFile, type ListingQuery } from './listing.schema.js';
import { writeCursor } from './page-cursor.js';

@Resolver()
export class ListingResolver {
  constructor(private readonly listFiles: ListFiles) {}

  @Query()
  @RequireScopes('files:read')
  async files(
    @CurrentCaller() caller: Caller,
    @Args(new SchemaPipe(filesArgumentsSchema)) query: ListingQuery,
  ): Promise<Connection<ListedFile>> {
    const page = await this.listFiles.execute(caller, query);
    return connection(page, query, (file) =>
      writeCursor(query, { at: new Date(file[query.sort]), fileId: file.fileId as FileId }),
    );
  }
}
