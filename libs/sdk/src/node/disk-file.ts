import { CustodyError } from '../errors.js';
import type { UploadSource } from '../upload/source.js';
import { builtin } from './builtin.js';

const CHUNK_BYTES = 256 * 1024;

/** A file on disk, read in pieces as they are sent. SOURCE_UNREADABLE when there is none. */
export async function diskFile(place: string | URL): Promise<UploadSource> {
  const path = typeof place === 'string' ? place : builtin('url').fileURLToPath(place);
  const { size, mtimeMs } = await statOf(path);
  return {
    size,
    name: builtin('path').basename(path),
    lastModified: Math.trunc(mtimeMs),
    slice: (start, end) => builtin('fs').createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES }),
    check: async () => {
      const now = await statOf(path);
      if (now.size !== size || now.mtimeMs !== mtimeMs)
        throw new CustodyError('SOURCE_CHANGED', `${path} changed while it was being uploaded`);
    },
  };
}

async function statOf(path: string) {
  const stat = await builtin('fs')
    .promises.stat(path)
    .catch((cause: unknown) => {
      throw new CustodyError('SOURCE_UNREADABLE', `${path} cannot be read`, { cause });
    });
  if (!stat.isFile()) throw new CustodyError('SOURCE_UNREADABLE', `${path} is no file`);
  return stat;
}
