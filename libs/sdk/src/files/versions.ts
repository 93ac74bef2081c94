import type { Api } from '../http/api.js';
import { newKey } from '../http/idempotency-key.js';
import { Listing } from '../http/listing.js';
import type {
  CallOptions,
  CreateOptions,
  FileMetadata,
  FileVersion,
  Presigned,
  VersionPresignRequest,
} from '../types.js';

/** Versions of a file; `files.upload(source, {fileId})` makes a new one. */
export class Versions {
  constructor(private readonly api: Api) {}

  /** Newest first. */
  list(fileId: string, { limit, signal }: CallOptions & { readonly limit?: number } = {}): Listing<FileVersion> {
    return new Listing((cursor) =>
      this.api.call('GET /v1/files/{fileId}/versions', { path: { fileId }, query: { limit, cursor }, signal }),
    );
  }

  presign(
    fileId: string,
    body: VersionPresignRequest,
    { signal, idempotencyKey = newKey() }: CreateOptions = {},
  ): Promise<Presigned> {
    return this.api.call('POST /v1/files/{fileId}/versions/presign', {
      path: { fileId },
      body,
      idempotencyKey,
      signal,
    });
  }

  /** Lets an older version speak for the file again. */
  restore(fileId: string, versionId: string, { signal }: CallOptions = {}): Promise<FileMetadata> {
    const door = 'POST /v1/files/{fileId}/versions/{versionId}/restore';
    return this.api.call(door, { path: { fileId, versionId }, repeatable: true, signal });
  }

  /** Lets a held version through (files:admin); the reason goes into the audit log. */
  async release(fileId: string, versionId: string, reason: string, { signal }: CallOptions = {}): Promise<void> {
    const door = 'POST /v1/files/{fileId}/versions/{versionId}/release';
    await this.api.call(door, { path: { fileId, versionId }, body: { reason }, signal });
  }

  /** Refuses a held version (files:admin); its bytes go. */
  async reject(fileId: string, versionId: string, reason: string, { signal }: CallOptions = {}): Promise<void> {
    const door = 'POST /v1/files/{fileId}/versions/{versionId}/reject';
    await this.api.call(door, { path: { fileId, versionId }, body: { reason }, signal });
  }
}
