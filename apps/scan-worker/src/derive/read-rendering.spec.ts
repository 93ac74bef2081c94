import fc from 'fast-check';
import { readRendering } from './read-rendering.js';
import { toFrame, type Rendering } from './rendering/frame.js';

const webp = Buffer.from('RIFF....WEBPVP8 ', 'latin1');
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const honest: Rendering = {
  ...{ width: 3, height: 2, pageCount: null, refusal: null },
  thumbnails: [
    { size: 128, format: 'webp', bytes: webp },
    { size: 128, format: 'jpeg', bytes: jpeg },
  ],
};
const headed = (header: object, rest = Buffer.alloc(0)): Buffer => {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, rest]);
};

describe('readRendering', () => {
  it('reads back what a rendering wrote', () => {
    expect(readRendering(toFrame(honest))).toEqual(honest);
    const refused: Rendering = { ...honest, refusal: 'too_many_pixels', thumbnails: [] };
    expect(readRendering(toFrame(refused))).toEqual(refused);
  });

  it.each([
    [
      'a page as thumbnail',
      toFrame({ ...honest, thumbnails: [{ size: 128, format: 'webp', bytes: Buffer.from('<html>') }] }),
    ],
    [
      'a size that is not in the catalogue',
      toFrame({ ...honest, thumbnails: [{ size: 4096, format: 'webp', bytes: webp }] }),
    ],
    ['more bytes than announced', Buffer.concat([toFrame(honest), Buffer.from('x')])],
    ['fewer bytes than announced', toFrame(honest).subarray(0, -1)],
    ['a header longer than the frame', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7b])],
    ['a negative page count', headed({ ...honest, thumbnails: [], pageCount: -1 })],
    ['a width beyond any image', headed({ ...honest, thumbnails: [], width: 1e300 })],
    ['a reason of its own', headed({ ...honest, thumbnails: [], refusal: '<script>' })],
    ['nothing', Buffer.alloc(0)],
  ])('S23 believes no %s', (_, frame) => {
    expect(readRendering(frame)).toBeNull();
  });

  it('S23 never throws, whatever a process says that was taken over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.jsonValue(), (bytes, value) => {
        readRendering(Buffer.from(bytes));
        readRendering(headed({ header: value }, Buffer.from(bytes)));
      }),
    );
  });
});
