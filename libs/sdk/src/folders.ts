import type { Api } from './http/api.js';
import { newKey } from './http/idempotency-key.js';
import { Listing } from './http/listing.js';
import type { CallOptions, ChangeOptions, CreateOptions, Folder, FolderChanges, NewFolder, Tagged } from './types.js';

/** The tenant's tree. */
export class Folders {
  constructor(private readonly api: Api) {}

  /** Folders directly in one, or in the root, by name. */
  list(
    parentId: string | null = null,
    { limit, signal }: CallOptions & { readonly limit?: number } = {},
  ): Listing<Folder> {
    return new Listing((cursor) =>
      this.api.call('GET /v1/folders', { query: { parentId: parentId ?? 'root', limit, cursor }, signal }),
    );
  }

  async get(folderId: string, { signal }: CallOptions = {}): Promise<Tagged<Folder>> {
    const { body, headers } = await this.api.read('GET /v1/folders/{folderId}', { path: { folderId }, signal });
    return { ...body, etag: headers.get('etag') ?? '' };
  }

  create(body: NewFolder, { signal, idempotencyKey = newKey() }: CreateOptions = {}): Promise<Folder> {
    return this.api.call('POST /v1/folders', { body, idempotencyKey, signal });
  }

  /** Renames or moves it with all that is in it. */
  async update(
    folderId: string,
    body: FolderChanges,
    { signal, ifMatch }: ChangeOptions = {},
  ): Promise<Tagged<Folder>> {
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const answer = await this.api.read('PATCH /v1/folders/{folderId}', { path: { folderId }, body, headers, signal });
    return { ...answer.body, etag: answer.headers.get('etag') ?? '' };
  }

  /** @param recursive with all that is in it; else FOLDER_NOT_EMPTY unless it is empty */
  async delete(
    folderId: string,
    { recursive, signal, ifMatch }: ChangeOptions & { readonly recursive?: boolean | undefined } = {},
  ): Promise<void> {
    await this.api.call('DELETE /v1/folders/{folderId}', {
      path: { folderId },
      query: recursive === true ? { recursive: 'true' } : {},
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      signal,
    });
  }
}
