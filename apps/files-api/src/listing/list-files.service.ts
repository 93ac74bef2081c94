import { AuthError } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { FileListingRepository, type FilePosition, type FileRecord } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { available } from '../files/available.js';
import { fileView } from '../files/file-view.js';
import { servedAs } from '../files/served-as.js';
import type { Caller } from '../requests/caller.decorator.js';
import type { ListedFile, Listing, ListingQuery } from './listing.schema.js';
import { readCursor, writeCursor } from './page-cursor.js';

const URL_LIFE_SEC = 900;

/** A page of the files that pass every filter (M28). */
@Injectable()
export class ListFiles {
  constructor(
    private readonly listing: FileListingRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `validation-error` for a cursor that is not ours, `INSUFFICIENT_SCOPE`, `FOLDER_NOT_FOUND`. */
  async execute({ context, scopes }: Caller, query: ListingQuery): Promise<Listing> {
    if (query.urls && !scopes.has('files:export')) throw AuthError.insufficientScope(['files:read', 'files:export']);
    const expiresIn = Math.min(URL_LIFE_SEC, this.config.downloads.expirySec);
    const { files, hasMore } = await this.listing.page(context, {
      ...query,
      after: positionOf(query),
      grant: query.urls ? { expiresIn, listed: true } : null,
    });
    const last = files.at(-1);
    return {
      items: await Promise.all(files.map((file) => this.show(file, query.urls ? expiresIn : null))),
      nextCursor:
        hasMore && last !== undefined ? writeCursor(query, { at: last[query.sort], fileId: last.fileId }) : null,
      hasMore,
    };
  }

  private async show(file: FileRecord, expiresIn: number | null): Promise<ListedFile> {
    const view = fileView(file, this.config.http.publicUrl);
    if (expiresIn === null) return view;
    if (file.state !== 'available') return { ...view, downloadUrl: null };
    const { url, expiresAt } = await this.store.presignGet({
      key: available(file).key,
      expiresInSec: expiresIn,
      ...servedAs(file),
    });
    return { ...view, downloadUrl: { url, expiresAt: expiresAt.toISOString(), expiresIn } };
  }
}

function positionOf({ cursor, ...order }: ListingQuery): FilePosition | null {
  if (cursor === undefined) return null;
  const position = readCursor(cursor, order);
  if (position !== null) return position;
  const errors = [{ pointer: '/cursor', message: 'must be the nextCursor of a page under the same sort and order' }];
  throw new CustodyError('validation-error', undefined, { errors });
}
