import { isCustodyError } from '../errors.js';
import type { Api } from '../http/api.js';
import { newKey } from '../http/idempotency-key.js';
import { Listing } from '../http/listing.js';
import type {
  CallOptions,
  ChangeOptions,
  Confirmed,
  ConfirmRequest,
  CreateOptions,
  DownloadUrl,
  DownloadUrlRequest,
  FileChanges,
  FileMetadata,
  FileQuery,
  ListedFile,
  Presigned,
  PresignRequest,
  Tagged,
  ThumbnailQuery,
  ThumbnailUrl,
} from '../types.js';
import { download } from './download.js';
import type { Download, DownloadOptions } from './download.js';
import type { StateStore, UploadState } from '../state/upload-state.js';
import type { UploadInput } from '../upload/source.js';
import { Upload } from '../upload/upload.js';
import type { UploadOptions } from '../upload/upload-options.js';
import { waitForScan } from './wait-for-scan.js';
import type { WaitOptions } from './wait-for-scan.js';

/** Files of the tenant. Ids are UUIDs; what a caller may not see is FILE_NOT_FOUND everywhere. */
export class Files {
  constructor(
    private readonly api: Api,
    private readonly states: StateStore,
  ) {}

  /**
   * Uploads a file in one PUT or in parts, whatever its size asks for, and confirms it: await it for the result, or steer it
   * (`pause`, `resume`, `cancel`). It waits while the network or the service is away, and the same file, sent the same way
   * again, goes on where an earlier run ended. The verdict comes later: `waitForScan`.
   */
  upload(source: UploadInput, options: UploadOptions = {}): Upload {
    return new Upload(this.api, this.states, source, options);
  }

  /** Uploads to this service that have not come to their end; sending the same file the same way goes on with one. */
  async unfinished(): Promise<readonly UploadState[]> {
    const states = await this.states.list();
    return states.filter(({ key }) => key.startsWith(`[${JSON.stringify(this.api.base)},`));
  }

  /** Gives an unfinished upload up, here and at the service. */
  async discard({ key, fileId, multipart }: UploadState, { signal }: CallOptions = {}): Promise<void> {
    await this.states.delete(key);
    if (fileId === undefined || !multipart) return;
    try {
      await this.api.call('DELETE /v1/files/{fileId}/multipart', { path: { fileId }, signal });
    } catch (error) {
      if (!isCustodyError(error, 'FILE_NOT_FOUND') && !isCustodyError(error, 'NO_MULTIPART_UPLOAD')) throw error;
    }
  }

  /** Asks for an upload URL, or for a plan of parts. `upload` does this and all that follows. */
  presign(body: PresignRequest, { signal, idempotencyKey = newKey() }: CreateOptions = {}): Promise<Presigned> {
    return this.api.call('POST /v1/files/presign', { body, idempotencyKey, signal });
  }

  /** Says that the bytes are in the store; may be repeated. */
  confirm(fileId: string, body: ConfirmRequest = {}, { signal }: CallOptions = {}): Promise<Confirmed> {
    const door = 'POST /v1/files/presign/{fileId}/confirm';
    return this.api.call(door, { path: { fileId }, body, repeatable: true, signal });
  }

  /** Resolves when the newest version is available or rejected; TIMEOUT after `timeoutMs`. */
  waitForScan(fileId: string, options: WaitOptions = {}): Promise<FileMetadata> {
    return waitForScan(this.api, fileId, options);
  }

  async metadata(fileId: string, { signal }: CallOptions = {}): Promise<Tagged<FileMetadata>> {
    const { body, headers } = await this.api.read('GET /v1/files/{fileId}', { path: { fileId }, signal });
    return { ...body, etag: headers.get('etag') ?? '' };
  }

  /** All files the filters let through, newest first unless said; `limit` is the size of a page. */
  list({ signal, urls, metadata, ...filters }: FileQuery = {}): Listing<ListedFile> {
    const texts = {
      ...(urls === undefined ? {} : { urls: urls ? ('true' as const) : ('false' as const) }),
      ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
    };
    return new Listing((cursor) => this.api.call('GET /v1/files', { query: { ...filters, ...texts, cursor }, signal }));
  }

  async update(
    fileId: string,
    body: FileChanges,
    { signal, ifMatch }: ChangeOptions = {},
  ): Promise<Tagged<FileMetadata>> {
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const answer = await this.api.read('PATCH /v1/files/{fileId}', { path: { fileId }, body, headers, signal });
    return { ...answer.body, etag: answer.headers.get('etag') ?? '' };
  }

  /** Gone for every door at once; `restore` brings it back until its bytes are purged. */
  async delete(fileId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.call('DELETE /v1/files/{fileId}', { path: { fileId }, signal });
  }

  restore(fileId: string, { signal }: CallOptions = {}): Promise<FileMetadata> {
    return this.api.call('POST /v1/files/{fileId}/restore', { path: { fileId }, repeatable: true, signal });
  }

  /** Streams the bytes through the service, as a whole or from a byte on. */
  download(fileId: string, options: DownloadOptions = {}): Promise<Download> {
    return download(this.api, fileId, options);
  }

  /** A fresh URL that needs no token, for `expiresIn` seconds. */
  downloadUrl(fileId: string, body: DownloadUrlRequest = {}, { signal }: CallOptions = {}): Promise<DownloadUrl> {
    const door = 'POST /v1/files/{fileId}/download-url';
    return this.api.call(door, { path: { fileId }, body, repeatable: true, signal });
  }

  /** THUMBNAIL_NOT_READY while it is being made, NO_THUMBNAIL where none can be. */
  thumbnailUrl(fileId: string, query: ThumbnailQuery = {}, { signal }: CallOptions = {}): Promise<ThumbnailUrl> {
    return this.api.call('GET /v1/files/{fileId}/thumbnail-url', { path: { fileId }, query, signal });
  }
}
