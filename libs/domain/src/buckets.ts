/** Logical buckets (M8): a label on the file and a path segment of its key, never a name of an S3 bucket. */
export const BUCKETS = ['avatars', 'assets', 'documents', 'exports', 'modules'] as const;
export type Bucket = (typeof BUCKETS)[number];

export function isBucket(value: string | undefined): value is Bucket {
  return (BUCKETS as readonly (string | undefined)[]).includes(value);
}
