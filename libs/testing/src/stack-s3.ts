import { S3Client } from '@aws-sdk/client-s3';
import { stackStore } from './stack-store.js';

/** The running stack's store, past our own port. `destroy` it at the end. */
export function stackS3(user: Parameters<typeof stackStore>[0] = 'owner'): S3Client {
  return new S3Client({ ...stackStore(user), requestChecksumCalculation: 'WHEN_REQUIRED', maxAttempts: 5 });
}
