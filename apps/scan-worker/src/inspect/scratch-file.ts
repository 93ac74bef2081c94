import { open, rm, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RandomAccess } from './random-access.js';

/**
 * Writes the content to a file without a name, lends it out for random access and frees its space afterwards, also when
 * the process dies: the name is gone before the first byte is written.
 */
export async function withScratchFile<T>(
  directory: string,
  content: AsyncIterable<Buffer>,
  use: (file: RandomAccess) => Promise<T>,
): Promise<T> {
  const path = join(directory, `inspect-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  try {
    await rm(path);
    let size = 0;
    for await (const chunk of content) {
      await handle.write(chunk, 0, chunk.length, size);
      size += chunk.length;
    }
    return await use({ size, read: (offset, length) => readAt(handle, offset, length) });
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
