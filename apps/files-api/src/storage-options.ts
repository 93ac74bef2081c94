import type { FilesApiConfig } from '@custody/config';
import type { StorageOptions } from '@custody/storage';

/** The smallest part S3 takes (API reference, UploadPart): proxied uploads hold three in memory, for each client. */
const PART_BYTES = 5 * 1024 ** 2;

/** The store with the API's own credentials, which can write staging only (S10). */
export function storageOptions(store: FilesApiConfig['store']): StorageOptions {
  const { accessKeyId, secretAccessKey, ...rest } = store;
  return { ...rest, credentials: { accessKeyId, secretAccessKey }, limits: { uploadPartBytes: PART_BYTES } };
}
