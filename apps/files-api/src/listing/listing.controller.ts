import { RequireScopes } from '@custody/auth';
import { Controller, Get, Header, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { ListFiles } from './list-files.service.js';
import { listingQuerySchema, type Listing, type ListingQuery } from './listing.schema.js';

@Controller('v1/files')
export class ListingController {
  constructor(private readonly listFiles: ListFiles) {}

  @Get()
  @RequireScopes('files:read')
  @Header('cache-control', 'no-store')
  list(@CurrentCaller() caller: Caller, @Query({ schema: listingQuerySchema }) query: ListingQuery): Promise<Listing> {
    return this.listFiles.execute(caller, query);
  }
}
