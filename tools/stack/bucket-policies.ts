/** Who may do what in the two buckets: only the worker's credentials can write the main one (S10). */

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const DELETE = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
const MULTIPART = ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
const LOOK = [
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:ListBucketMultipartUploads',
  's3:GetBucketVersioning',
  's3:GetBucketLocation',
];

interface Grant {
  /** User ARN. */
  readonly user: string;
  readonly objectActions: readonly string[];
  readonly bucketActions: readonly string[];
}

/** ARNs of the API's and the worker's users. */
export interface PolicyUsers {
  readonly api: string;
  readonly worker: string;
}

/** Ceph's spelling of a user of the default tenant. */
export function cephUserArn(name: string): string {
  return `arn:aws:iam:::user/custody-${name}`;
}

/** The API takes uploads in; the worker reads what was pinned and clears up. */
export function stagingPolicy(bucket: string, { api, worker }: PolicyUsers): string {
  return policy(bucket, [
    { user: api, objectActions: [...READ, 's3:PutObject', ...DELETE, ...MULTIPART], bucketActions: LOOK },
    { user: worker, objectActions: [...READ, ...DELETE, ...MULTIPART], bucketActions: LOOK },
  ]);
}

/** The API reads; the worker promotes and purges. */
export function mainPolicy(bucket: string, { api, worker }: PolicyUsers): string {
  return policy(bucket, [
    { user: api, objectActions: ['s3:GetObject'], bucketActions: [] },
    { user: worker, objectActions: [...READ, 's3:PutObject', ...DELETE, ...MULTIPART], bucketActions: LOOK },
  ]);
}

function policy(bucket: string, grants: readonly Grant[]): string {
  const allow = (user: string, actions: readonly string[], resource: string) => ({
    Effect: 'Allow',
    Principal: { AWS: [user] },
    Action: actions,
    Resource: [resource],
  });
  const statements = grants.flatMap(({ user, objectActions, bucketActions }) => [
    allow(user, objectActions, `arn:aws:s3:::${bucket}/*`),
    ...(bucketActions.length > 0 ? [allow(user, bucketActions, `arn:aws:s3:::${bucket}`)] : []),
  ]);
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
