import type { Api } from './http/api.js';
import { newKey } from './http/idempotency-key.js';
import { Listing } from './http/listing.js';
import type { CallOptions, CreateOptions, Presigned, PresignRequest, Subject, SubjectFile } from './types.js';

/** What files are about. */
export class Subjects {
  constructor(private readonly api: Api) {}

  /** Files of a subject, the last linked first. */
  files(
    { type, id }: Subject,
    { limit, signal }: CallOptions & { readonly limit?: number } = {},
  ): Listing<SubjectFile> {
    const path = { type, subjectId: id };
    return new Listing((cursor) =>
      this.api.call('GET /v1/subjects/{type}/{subjectId}/files', { path, query: { limit, cursor }, signal }),
    );
  }

  async link(fileId: string, { type, id }: Subject, { signal }: CallOptions = {}): Promise<void> {
    const door = 'PUT /v1/files/{fileId}/subjects/{type}/{subjectId}';
    await this.api.call(door, { path: { fileId, type, subjectId: id }, signal });
  }

  async unlink(fileId: string, { type, id }: Subject, { signal }: CallOptions = {}): Promise<void> {
    const door = 'DELETE /v1/files/{fileId}/subjects/{type}/{subjectId}';
    await this.api.call(door, { path: { fileId, type, subjectId: id }, signal });
  }

  /** As `files.presign`; the file is linked when its upload is confirmed. */
  presign(
    { type, id }: Subject,
    body: PresignRequest,
    { signal, idempotencyKey = newKey() }: CreateOptions = {},
  ): Promise<Presigned> {
    const door = 'POST /v1/subjects/{type}/{subjectId}/presign';
    return this.api.call(door, { path: { type, subjectId: id }, body, idempotencyKey, signal });
  }
}
