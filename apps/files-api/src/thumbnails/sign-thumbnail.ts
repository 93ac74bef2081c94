import type { FileRecord } from '@custody/data';
import { thumbnailKey } from '@custody/domain';
import type { ObjectStore } from '@custody/storage';
import type { ThumbnailQuery, ThumbnailUrl } from './thumbnails.schema.js';

/** The URL of a thumbnail that exists and whose grant is written down. */
export async function signThumbnail(
  store: ObjectStore,
  file: FileRecord,
  { size, format }: ThumbnailQuery,
  expiresInSec: number,
): Promise<ThumbnailUrl> {
  const { url, expiresAt } = await store.presignGet({
    key: thumbnailKey(file, size, format),
    expiresInSec,
    contentType: `image/${format}`,
    contentDisposition: 'inline',
  });
  return { url, expiresAt: expiresAt.toISOString() };
}
