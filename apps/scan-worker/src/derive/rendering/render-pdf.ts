import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { THUMBNAIL_SIZES } from '@custody/domain';
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import sharp from 'sharp';
import type { Rendering, RenderRefusal, Thumbnail } from './frame.js';
import { thumbnailsOf } from './render-image.js';

/** A document of more pages is not counted: walking its tree would be the attack (S23). */
const MAX_PAGES = 100_000;
const LARGEST = Math.max(...THUMBNAIL_SIZES);
const ASSETS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

/** Page count of a PDF and thumbnails of its first page. No script of it runs, nothing is fetched. */
export async function renderPdf(bytes: Buffer, maxPixels: number): Promise<Rendering> {
  const nothing = { width: null, height: null, pageCount: null, thumbnails: [] };
  const loading = getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    maxImageSize: maxPixels,
    cMapUrl: join(ASSETS, 'cmaps/'),
    standardFontDataUrl: join(ASSETS, 'standard_fonts/'),
    wasmUrl: join(ASSETS, 'wasm/'),
    iccUrl: join(ASSETS, 'iccs/'),
    verbosity: 0,
  });
  try {
    const document = await loading.promise;
    const pageCount = document.numPages;
    if (pageCount > MAX_PAGES) return { ...nothing, refusal: 'too_many_pages' };
    const thumbnails = await firstPage(document);
    if (thumbnails === null) return { ...nothing, pageCount, refusal: 'not_decodable' };
    return { ...nothing, pageCount, refusal: null, thumbnails };
  } catch (error) {
    return { ...nothing, refusal: refusalOf(error) };
  }
}

/** Null when the page cannot be drawn: the count stands nevertheless. */
async function firstPage(document: PDFDocumentProxy): Promise<Thumbnail[] | null> {
  try {
    const page = await document.getPage(1);
    const { width, height } = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: LARGEST / Math.max(width, height) });
    const canvas = createCanvas(Math.max(1, Math.ceil(viewport.width)), Math.max(1, Math.ceil(viewport.height)));
    const drawn = page.render({ canvas: canvas as never, viewport, background: '#ffffff' });
    await drawn.promise;
    const raw = { width: canvas.width, height: canvas.height, channels: 4 as const };
    const pixels = Buffer.from(canvas.data());
    return await thumbnailsOf(() => sharp(pixels, { raw }));
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

function refusalOf(error: unknown): RenderRefusal {
  if (!(error instanceof Error)) throw error;
  return error.name === 'PasswordException' ? 'password' : 'not_decodable';
}
