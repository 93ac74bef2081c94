import sharp from 'sharp';
import { enableOnly, renderImage } from './render-image.js';

const LIMIT = 1_000_000;
const picture = (width = 300, height = 200) =>
  sharp({ create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha: 0.5 } } });
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="9" height="9"/></svg>',
);

describe('renderImage', () => {
  const samples: Record<string, Buffer> = {};
  beforeAll(async () => {
    samples['image/jpeg'] = await picture().jpeg().toBuffer();
    samples['image/png'] = await picture().png().toBuffer();
    samples['image/webp'] = await picture().webp().toBuffer();
    samples['image/gif'] = await picture().gif().toBuffer();
    samples['image/avif'] = await picture().avif({ effort: 0 }).toBuffer();
    samples['image/tiff'] = await picture().tiff().toBuffer();
    samples['image/svg+xml'] = svg;
  });

  it.each(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])(
    'S22 %s is decoded by its own decoder and by nothing else',
    async (mimeType) => {
      for (const [type, bytes] of Object.entries(samples)) {
        enableOnly(mimeType);
        const { refusal, width, height, thumbnails } = await renderImage(bytes, mimeType, LIMIT);
        const seen = { type, refusal, width, height, made: thumbnails.length };
        if (type === mimeType) expect(seen).toEqual({ type, refusal: null, width: 300, height: 200, made: 4 });
        else {
          expect(seen).toEqual({ type, refusal: 'not_decodable', width: null, height: null, made: 0 });
          await expect(sharp(bytes).metadata()).rejects.toThrow(/unsupported image format|not authori[sz]ed|blocked/i);
        }
      }
    },
  );

  it('M25 fits the sizes of the catalogue, turns as the image says, never enlarges', async () => {
    enableOnly('image/jpeg');
    const turned = await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { width, height, thumbnails } = await renderImage(turned, 'image/jpeg', LIMIT);
    expect([width, height]).toEqual([200, 300]);
    const sizes = await Promise.all(
      thumbnails
        .filter(({ format }) => format === 'jpeg')
        .map(async ({ bytes }) => {
          const made = await sharp(bytes).metadata();
          return [made.width, made.height, made.orientation ?? 1];
        }),
    );
    expect(sizes).toEqual([
      [85, 128, 1],
      [200, 300, 1],
    ]);
  });

  it('S21 refuses more pixels than allowed, and says how many there would be', async () => {
    enableOnly('image/png');
    const large = await picture(1_001, 1_000).png().toBuffer();
    expect(await renderImage(large, 'image/png', LIMIT)).toMatchObject({
      ...{ refusal: 'too_many_pixels', width: 1_001, height: 1_000, thumbnails: [] },
    });
  });

  it('keeps what was readable of a truncated image out of the store', async () => {
    enableOnly('image/png');
    const whole = await picture().png({ compressionLevel: 0 }).toBuffer();
    const { refusal, thumbnails } = await renderImage(whole.subarray(0, whole.length / 2), 'image/png', LIMIT);
    expect([refusal, thumbnails]).toEqual(['not_decodable', []]);
  });
});
