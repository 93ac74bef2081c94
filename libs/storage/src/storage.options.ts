/** How to reach one S3 store with one process's credentials. */
export interface StorageOptions {
  /** Where this process does its I/O; omitted for AWS itself. */
  readonly endpoint?: string;
  /** The endpoint clients see, for presigned URLs; defaults to `endpoint`. */
  readonly publicEndpoint?: string;
  readonly region: string;
  /** Omitted: the SDK's provider chain (instance role, web identity). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly stagingBucket: string;
  readonly mainBucket: string;
  readonly forcePathStyle: boolean;
  readonly sse: 'none' | 'AES256';
  readonly limits?: Partial<StorageLimits>;
}

/** Times in milliseconds, sizes in bytes. */
export interface StorageLimits {
  readonly connectTimeoutMs: number;
  /** From sending a request to the head of its answer. */
  readonly responseTimeoutMs: number;
  /** Longest silence of a body while its reader waits for bytes. */
  readonly idleTimeoutMs: number;
  /** One server-side copy, whole or of one part. */
  readonly copyTimeoutMs: number;
  readonly maxAttempts: number;
  readonly maxSockets: number;
  readonly uploadPartBytes: number;
  /** CopyObject ends at 5 GiB (S3 API reference, CopyObject). */
  readonly maxSingleCopyBytes: number;
  readonly copyPartBytes: number;
  readonly copyConcurrency: number;
}

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

export const defaultStorageLimits: StorageLimits = {
  connectTimeoutMs: 3_000,
  responseTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  copyTimeoutMs: 15 * 60_000,
  maxAttempts: 3,
  maxSockets: 64,
  // S3's smallest part; two are in memory for each body, and 10,000 of them make 48 GiB.
  uploadPartBytes: 5 * MiB,
  maxSingleCopyBytes: 5 * GiB,
  copyPartBytes: GiB,
  copyConcurrency: 4,
};
