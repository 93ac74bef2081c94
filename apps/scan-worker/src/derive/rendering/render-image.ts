import { THUMBNAIL_FORMATS, THUMBNAIL_SIZES, type ThumbnailFormat } from '@custody/domain';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Rendering, Thumbnail } from './frame.js';

/** The decoders there are, whatever else the library was built with (S22); each with the format it reports. */
const DECODERS: Readonly<Record<string, { readonly operation: string; readonly format: string }>> = {
  'image/jpeg': { operation: 'VipsForeignLoadJpegBuffer', format: 'jpeg' },
  'image/png': { operation: 'VipsForeignLoadPngBuffer', format: 'png' },
  'image/webp': { operation: 'VipsForeignLoadWebpBuffer', format: 'webp' },
  'image/gif': { operation: 'VipsForeignLoadNsgifBuffer', format: 'gif' },
  'image/avif': { operation: 'VipsForeignLoadHeifBuffer', format: 'heif' },
};

/** Leaves this process with one decoder, that of the declared type; none for a type without. */
export function enableOnly(mimeType: string): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  const decoder = DECODERS[mimeType];
  if (decoder !== undefined) sharp.unblock({ operation: [decoder.operation] });
  sharp.cache(false);
  sharp.concurrency(1);
}

/**
 * Size and thumbnails of an image. The size is read from its header; more than `maxPixels` are refused before anything is
 * decoded (S21). Of an animation the first frame counts.
 */
export async function renderImage(bytes: Buffer, mimeType: string, maxPixels: number): Promise<Rendering> {
  const open = (): Sharp => sharp(bytes, { limitInputPixels: maxPixels, limitInputChannels: 5, failOn: 'error' });
  const nothing = { width: null, height: null, pageCount: null, thumbnails: [] };
  // The limit would hide how large a bomb claims to be.
  const header = await decoded(() => sharp(bytes, { limitInputPixels: false }).metadata());
  if (header === null || header.format !== DECODERS[mimeType]?.format) return { ...nothing, refusal: 'not_decodable' };
  const shown = shownSize(header);
  if (header.width * header.height > maxPixels) return { ...nothing, ...shown, refusal: 'too_many_pixels' };
  const thumbnails = await decoded(() => thumbnailsOf(() => open().autoOrient()));
  if (thumbnails === null) return { ...nothing, ...shown, refusal: 'not_decodable' };
  return { ...nothing, ...shown, refusal: null, thumbnails };
}

function shownSize({ width, height, orientation = 1 }: Metadata): { width: number; height: number } {
  // Orientations 5 to 8 stand on their side (TIFF 6.0, tag 274).
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Every size of the catalogue in every format, never larger than the source. */
export async function thumbnailsOf(open: () => Sharp): Promise<Thumbnail[]> {
  const made: Thumbnail[] = [];
  for (const size of THUMBNAIL_SIZES) {
    const fitted = open().resize(size, size, { fit: 'inside', withoutEnlargement: true }).toColourspace('srgb');
    for (const format of THUMBNAIL_FORMATS)
      made.push({ size, format, bytes: await encode(fitted.clone(), format).toBuffer() });
  }
  return made;
}

function encode(image: Sharp, format: ThumbnailFormat): Sharp {
  switch (format) {
    case 'webp':
      return image.webp({ quality: 80 });
    case 'jpeg':
      // JPEG has no transparency; what was transparent is white, as on a page.
      return image.flatten({ background: '#ffffff' }).jpeg({ quality: 80 });
  }
}

/** Null when the decoder refuses the bytes. */
async function decoded<T>(decode: () => Promise<T>): Promise<T | null> {
  try {
    return await decode();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
