import { S3Client } from '@aws-sdk/client-s3';
import { createFormSigner, type SignForm } from './s3-form.js';
import { S3Http } from './s3-http.js';
import { createSigner, type Sign } from './s3-signer.js';
import { defaultStorageLimits, type StorageLimits, type StorageOptions } from '../storage.options.js';

/** One store as the S3 modules see it: a client for I/O, a signer for clients' URLs, bucket names and limits. */
export interface S3Context {
  readonly io: S3Client;
  /** Bodies that are read. */
  readonly http: S3Http;
  readonly sign: Sign;
  readonly signForm: SignForm;
  readonly staging: string;
  readonly main: string;
  readonly sse: { readonly ServerSideEncryption?: 'AES256' };
  readonly limits: StorageLimits;
}

export function createS3Context(options: StorageOptions): S3Context {
  const limits = { ...defaultStorageLimits, ...options.limits };
  const forClients = createClient(options, limits, options.publicEndpoint ?? options.endpoint);
  const io = createClient(options, limits, options.endpoint);
  return {
    io,
    http: new S3Http(io, limits),
    sign: createSigner(forClients),
    signForm: createFormSigner(forClients),
    staging: options.stagingBucket,
    main: options.mainBucket,
    sse: options.sse === 'AES256' ? { ServerSideEncryption: 'AES256' } : {},
    limits,
  };
}

function createClient(options: StorageOptions, limits: StorageLimits, endpoint: string | undefined): S3Client {
  return new S3Client({
    region: options.region,
    forcePathStyle: options.forcePathStyle,
    maxAttempts: limits.maxAttempts,
    // The default adds a CRC32 that a presigned PUT of unknown bytes cannot carry and that older stores refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    requestHandler: {
      connectionTimeout: limits.connectTimeoutMs,
      requestTimeout: limits.responseTimeoutMs,
      throwOnRequestTimeout: true,
      // A copy may be silent for minutes.
      socketTimeout: 0,
      httpAgent: { keepAlive: true, maxSockets: limits.maxSockets },
      httpsAgent: { keepAlive: true, maxSockets: limits.maxSockets },
    },
  });
}
