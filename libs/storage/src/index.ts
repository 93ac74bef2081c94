export { ObjectStore } from './object-store.js';
export { ObjectStoreError, StoreCannotPin, type ObjectStoreErrorCode } from './object-store.errors.js';
export type * from './object-store.records.js';
export type * from './object-store.requests.js';
export { probePinning, type StoreCapabilities } from './probe-pinning.js';
export { S3ObjectStore } from './s3/s3-object-store.js';
export { StorageModule, type StorageModuleAsyncOptions } from './storage.module.js';
export { type StorageLimits, type StorageOptions } from './storage.options.js';
