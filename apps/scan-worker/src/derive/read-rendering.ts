import { THUMBNAIL_FORMATS, THUMBNAIL_SIZES, type ThumbnailFormat } from '@custody/domain';
import { z } from 'zod';
import { cutFrame, type Rendering, type Thumbnail } from './rendering/frame.js';

const side = z
  .int()
  .positive()
  .max(2 ** 31 - 1)
  .nullable();
const headerSchema = z.object({
  width: side,
  height: side,
  pageCount: z
    .int()
    .nonnegative()
    .max(2 ** 31 - 1)
    .nullable(),
  refusal: z.enum(['not_decodable', 'too_many_pixels', 'too_many_pages', 'password']).nullable(),
  thumbnails: z
    .array(
      z.object({
        size: z.literal([...THUMBNAIL_SIZES]),
        format: z.enum(THUMBNAIL_FORMATS),
        length: z.int().positive(),
      }),
    )
    .max(THUMBNAIL_SIZES.length * THUMBNAIL_FORMATS.length),
});

/**
 * What a rendering process says, believed only as far as it can do no harm: hostile bytes may have taken it over. Null when
 * it is no whole frame, or when a thumbnail is not of its format.
 */
export function readRendering(frame: Buffer): Rendering | null {
  const cut = cutFrame(frame);
  const header = headerSchema.safeParse(cut?.header);
  if (cut === null || !header.success) return null;
  const { thumbnails: parts, ...measures } = header.data;
  const thumbnails: Thumbnail[] = [];
  let at = 0;
  for (const { size, format, length } of parts) {
    const bytes = cut.rest.subarray(at, at + length);
    if (bytes.length !== length || !isOf(format, bytes)) return null;
    thumbnails.push({ size, format, bytes });
    at += length;
  }
  return at === cut.rest.length ? { ...measures, thumbnails } : null;
}

function isOf(format: ThumbnailFormat, bytes: Buffer): boolean {
  switch (format) {
    case 'webp':
      return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
    case 'jpeg':
      return bytes.toString('hex', 0, 3) === 'ffd8ff';
  }
}
