import type { ServedVersion } from '@custody/data';
import { CustodyError, objectKey } from '@custody/domain';

/** A file whose bytes may be read; the only thing that doors to bytes and URLs accept (M19, S27). */
export interface AvailableFile {
  readonly file: ServedVersion;
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

/** Throws `FILE_NOT_FOUND` for nothing, `FILE_NOT_AVAILABLE` for anything not scanned and released. */
export function available(file: ServedVersion | null): AvailableFile {
  if (file === null) throw new CustodyError('FILE_NOT_FOUND');
  const { state, size, sha256 } = file;
  if (state !== 'available' || size === null || sha256 === null) {
    throw new CustodyError('FILE_NOT_AVAILABLE', `The file is ${state.replace('_', ' ')}.`);
  }
  return { file, key: objectKey(file, file.bucket), size, sha256 };
}
