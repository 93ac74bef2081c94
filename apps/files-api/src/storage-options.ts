import type { FilesApiConfig } from '@custody/config';
import type { StorageOptions } from '@custody/storage';

/** The store with the API's own credentials, which can write staging only (S10). */
export function storageOptions(store: FilesApiConfig['store']): StorageOptions {
  const { accessKeyId, secretAccessKey, ...rest } = store;
  return { ...rest, credentials: { accessKeyId, secretAccessKey } };
}
