import { buffer } from 'node:stream/consumers';
import { fileTypeFor } from '@custody/domain';
import { toFrame, type Rendering } from './frame.js';

/*
 * A process of its own for one hostile file: bytes come in on stdin, a frame goes out on stdout. It is given no
 * credentials, no address and no environment, and may die at any moment.
 */
const [mimeType = '', maxPixels = '0'] = process.argv.slice(2);
const bytes = await buffer(process.stdin);
process.stdout.write(toFrame(await render()), () => process.exit(0));

async function render(): Promise<Rendering> {
  // Loaded as needed: an image has no use for the PDF library, nor for what may be wrong in it.
  const { enableOnly, renderImage } = await import('./render-image.js');
  enableOnly(mimeType);
  switch (fileTypeFor(mimeType).derivation) {
    case 'image':
      return renderImage(bytes, mimeType, Number(maxPixels));
    case 'pdf':
      return (await import('./render-pdf.js')).renderPdf(bytes, Number(maxPixels));
    case null:
      throw new Error('nothing is derived from this type');
  }
}
