import type { ThumbnailFormat } from '@custody/domain';

/** Why a rendering has no outcome, or only a part of one; stored and shown. */
export type RenderRefusal = 'not_decodable' | 'too_many_pixels' | 'too_many_pages' | 'password';

/** What a rendering found out. Pixels as shown: turned as the image says. */
export interface Measures {
  readonly width: number | null;
  readonly height: number | null;
  readonly pageCount: number | null;
  readonly refusal: RenderRefusal | null;
}

export interface Thumbnail {
  readonly size: number;
  readonly format: ThumbnailFormat;
  readonly bytes: Buffer;
}

export interface Rendering extends Measures {
  readonly thumbnails: readonly Thumbnail[];
}

const HEADER_BYTES = 4;

/** A rendering as bytes: the length of a JSON header (32 bit, big endian), the header, then the thumbnails one behind another. */
export function toFrame({ thumbnails, ...measures }: Rendering): Buffer {
  const parts = thumbnails.map(({ size, format, bytes }) => ({ size, format, length: bytes.length }));
  const header = Buffer.from(JSON.stringify({ ...measures, thumbnails: parts }));
  const length = Buffer.alloc(HEADER_BYTES);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, ...thumbnails.map(({ bytes }) => bytes)]);
}

/** The bytes behind the header, cut as `lengths` say; null when they are not exactly that many. */
export function cutFrame(frame: Buffer): { readonly header: unknown; readonly rest: Buffer } | null {
  if (frame.length < HEADER_BYTES) return null;
  const end = HEADER_BYTES + frame.readUInt32BE(0);
  if (end > frame.length) return null;
  try {
    return { header: JSON.parse(frame.toString('utf8', HEADER_BYTES, end)), rest: frame.subarray(end) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
