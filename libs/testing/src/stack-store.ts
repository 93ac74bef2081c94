import { stackEnv } from './stack-env.js';

const CREDENTIALS = { owner: 'S3_', api: 'S3_API_', worker: 'S3_WORKER_' } as const;

/** How to reach the running stack's store as one of its three users. */
export function stackStore(user: keyof typeof CREDENTIALS) {
  const prefix = CREDENTIALS[user];
  return {
    endpoint: stackEnv('S3_ENDPOINT'),
    publicEndpoint: stackEnv('S3_PUBLIC_ENDPOINT'),
    region: stackEnv('S3_REGION'),
    credentials: {
      accessKeyId: stackEnv(`${prefix}ACCESS_KEY_ID`),
      secretAccessKey: stackEnv(`${prefix}SECRET_ACCESS_KEY`),
    },
    stagingBucket: stackEnv('S3_STAGING_BUCKET'),
    mainBucket: stackEnv('S3_MAIN_BUCKET'),
    forcePathStyle: stackEnv('S3_FORCE_PATH_STYLE') === 'true',
    sse: 'none',
  } as const;
}
