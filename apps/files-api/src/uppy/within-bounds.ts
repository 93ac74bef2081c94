import type { UploadBounds } from '@custody/auth';
import { CustodyError } from '@custody/domain';
import type { UppyUpload } from './uppy.schema.js';

type Metadata = UppyUpload['metadata'];

/**
 * What the file says of itself, completed by what the upload token says. Throws `UPLOAD_OUT_OF_BOUNDS` for another bucket or folder
 * than the token's; a version of a file there is lies wherever the file does, so a bound token makes none.
 */
export function withinBounds(metadata: Metadata, bounds: UploadBounds | undefined): Metadata {
  if (bounds === undefined) return metadata;
  const { bucket, folderId, fileId } = metadata;
  const isBound = bounds.bucket !== undefined || bounds.folderId !== undefined;
  const leaves =
    (fileId !== undefined && isBound) || isOther(bucket, bounds.bucket) || isOther(folderId, bounds.folderId);
  if (leaves) throw new CustodyError('UPLOAD_OUT_OF_BOUNDS');
  return { ...metadata, ...(bounds as Pick<Metadata, 'bucket' | 'folderId'>) };
}

const isOther = (asked: string | undefined, bound: string | undefined): boolean =>
  bound !== undefined && asked !== undefined && asked !== bound;
