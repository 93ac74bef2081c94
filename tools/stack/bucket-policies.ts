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

/** ARNs of the users; `owner` is the operator's. */
export interface PolicyUsers {
  readonly owner: string;
  readonly api: string;
  readonly worker: string;
}

/** Ceph's spelling of a user of the default tenant. */
export function cephUserArn(name: string): string {
  return `arn:aws:iam:::user/custody-${name}`;
}

/** The API takes uploads in; the worker reads what was pinned and clears up. */
export function stagingPolicy(bucket: string, { owner, api, worker }: PolicyUsers): string {
  const objects = `arn:aws:s3:::${bucket}/*`;
  return policy([
    ...everything(owner, bucket),
    allow(api, [...READ, 's3:PutObject', ...DELETE, ...MULTIPART], objects),
    allow(worker, [...READ, ...DELETE, ...MULTIPART], objects),
    // Ceph 16 asks for this right of the bucket before it deletes many objects in one request.
    allow(worker, ['s3:DeleteObject'], `arn:aws:s3:::${bucket}`),
    // The probe at start writes two versions of a key of its own; no upload can lie there.
    allow(worker, ['s3:PutObject'], `arn:aws:s3:::${bucket}/_probe/*`),
    allow(api, LOOK, `arn:aws:s3:::${bucket}`),
    allow(worker, LOOK, `arn:aws:s3:::${bucket}`),
    denyAcls([api, worker], objects),
    denyCopyInto(api, objects),
  ]);
}

/** The API reads; the worker promotes and purges. */
export function mainPolicy(bucket: string, { owner, api, worker }: PolicyUsers): string {
  const objects = `arn:aws:s3:::${bucket}/*`;
  return policy([
    ...everything(owner, bucket),
    allow(api, ['s3:GetObject'], objects),
    allow(worker, [...READ, 's3:PutObject', ...DELETE, ...MULTIPART], objects),
    allow(worker, LOOK, `arn:aws:s3:::${bucket}`),
    denyAcls([api, worker], objects),
  ]);
}

/** An object belongs to whoever wrote it, so even the bucket's owner needs a grant. */
function everything(owner: string, bucket: string) {
  return [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`].map((resource) => allow(owner, ['s3:*'], resource));
}

function allow(user: string, actions: readonly string[], resource: string) {
  return { Effect: 'Allow', Principal: { AWS: [user] }, Action: actions, Resource: [resource] };
}

function denyAcls(users: readonly string[], objects: string) {
  const Action = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'];
  return { Effect: 'Deny', Principal: { AWS: users }, Action, Resource: [objects] };
}

/**
 * Ceph obeys an `x-amz-copy-source` header that the signature does not cover (AWS refuses it): the holder of an
 * upload URL could copy into his own upload whatever the API may read, another tenant's file included.
 */
function denyCopyInto(user: string, objects: string) {
  const Condition = { StringLike: { 's3:x-amz-copy-source': '*' } };
  return { Effect: 'Deny', Principal: { AWS: [user] }, Action: ['s3:PutObject'], Resource: [objects], Condition };
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
