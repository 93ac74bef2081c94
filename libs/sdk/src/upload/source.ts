import { CustodyError } from '../errors.js';
import { diskFile } from '../node/disk-file.js';

/** Bytes that can be read from any place, more than once. Sizes in bytes. */
export interface UploadSource {
  readonly size: number;
  readonly name?: string | undefined;
  /** media type */
  readonly type?: string | undefined;
  /** milliseconds since 1970; with name and size it tells one file from another */
  readonly lastModified?: number | undefined;
  /** Bytes from `start` up to but without `end`; in a browser a Blob. */
  slice(start: number, end: number): Blob | AsyncIterable<Uint8Array>;
  /** Rejects with SOURCE_CHANGED or SOURCE_UNREADABLE when the bytes are not what they were. */
  check(): Promise<void>;
}

/** A file of the browser, bytes in memory, the path of a file (Node), or anything that reads like a source. */
export type UploadInput = Blob | ArrayBuffer | Uint8Array | string | URL | UploadSource;

export async function sourceOf(input: UploadInput): Promise<UploadSource> {
  if (typeof input === 'string' || input instanceof URL) return diskFile(input);
  if (input instanceof Blob) return new BlobSource(input);
  if (input instanceof ArrayBuffer) return new BlobSource(new Blob([input]));
  // A Blob does not take bytes that another thread may change, so they are copied.
  if (input instanceof Uint8Array) return new BlobSource(new Blob([new Uint8Array(input)]));
  return input;
}

class BlobSource implements UploadSource {
  readonly size: number;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly lastModified: number | undefined;

  constructor(private readonly blob: Blob) {
    const { name, lastModified } = blob as Partial<File>;
    this.size = blob.size;
    this.name = name;
    this.type = blob.type === '' ? undefined : blob.type;
    this.lastModified = lastModified;
  }

  slice(start: number, end: number): Blob {
    return this.blob.slice(start, end);
  }

  /** A browser does not give the bytes of a file that changed after it was chosen (File API, 4.1). */
  async check(): Promise<void> {
    try {
      await this.blob.slice(0, 1).arrayBuffer();
    } catch (cause) {
      throw new CustodyError('SOURCE_UNREADABLE', `${this.name ?? 'the file'} was changed, moved or removed`, {
        cause,
      });
    }
  }
}
