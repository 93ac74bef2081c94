import type { Api } from '../http/api.js';
import type { CallOptions, Share } from '../types.js';

/** Users who may read one file. */
export class Shares {
  constructor(private readonly api: Api) {}

  async list(fileId: string, { signal }: CallOptions = {}): Promise<readonly Share[]> {
    return (await this.api.call('GET /v1/files/{fileId}/shares', { path: { fileId }, signal })).items;
  }

  /** @param expiresAt ISO 8601; absent: until it is taken back */
  grant(
    fileId: string,
    userId: string,
    { expiresAt, signal }: CallOptions & { readonly expiresAt?: string | undefined } = {},
  ): Promise<Share> {
    const door = 'PUT /v1/files/{fileId}/shares/{userId}';
    return this.api.call(door, { path: { fileId, userId }, body: { expiresAt }, signal });
  }

  async revoke(fileId: string, userId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.api.call('DELETE /v1/files/{fileId}/shares/{userId}', { path: { fileId, userId }, signal });
  }
}
