import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Response } from 'playwright-core';
import { Browser, inPage } from './harness/browser.js';
import type { Client } from './harness/client.js';
import { pdfOf, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { webmFile, type VideoChunk } from './harness/webm.js';

const MiB = 1024 ** 2;
const SECONDS = 20;

describe('in a browser', () => {
  let system: System;
  let client: Client;
  let browser: Browser;
  let page: Page;
  let film: { fileId: string; size: number };

  beforeAll(async () => {
    const origins = await Browser.originsAt();
    [system, browser] = await Promise.all([
      System.start({ label: 'browser', apps: ['files-api', 'scan-worker'], env: { CORS_ORIGINS: origins.listed } }),
      Browser.start(origins),
    ]);
    client = await system.client();
    page = await browser.open('listed');
    await inPage(page, 'signIn', { api: system.apiUrl, token: client.caller.token });
  }, 120_000);
  afterAll(async () => {
    await browser.stop();
    await system.stop();
  });

  const contentOf = (fileId: string) => `${system.apiUrl}/v1/files/${fileId}/content`;

  /** The picture, also beside the logs for whoever looks at a failure; the share of it that has this colour. */
  async function shareOf(colour: readonly number[], name: string): Promise<number> {
    const picture = await page.screenshot();
    const folder = process.env['TEST_LOG_DIR'];
    if (folder !== undefined) await writeFile(join(folder, `browser-${name}.png`), picture);
    return inPage(await browser.open('unlisted'), 'share', picture.toString('base64'), colour);
  }

  it('M1 M38 a page of a listed origin uploads to the store by itself', async () => {
    const chunks = await inPage<VideoChunk[]>(page, 'record', SECONDS);
    expect(chunks).toHaveLength(SECONDS * 5);
    const video = webmFile(chunks, { width: 320, height: 180, durationMs: SECONDS * 1_000, padding: MiB });
    const presigned = await client.presign(video, { filename: 'film.webm', mimeType: 'video/webm' });
    expect(await inPage(page, 'put', presigned.body, video.toString('base64'))).toBe(200);
    expect((await client.confirm(presigned.body.fileId)).status).toBe(200);
    film = { fileId: presigned.body.fileId, size: video.length };
    expect(await client.until(film.fileId, 'available')).toMatchObject({ mimeType: 'video/webm', size: video.length });
  });

  it('M27 a video plays through the content door, and seeking asks for the range it needs', async () => {
    const answers: Response[] = [];
    page.context().on('response', (response) => {
      const request = response.request();
      if (request.method() !== 'GET' || request.serviceWorker() === null) return;
      if (response.url() === contentOf(film.fileId)) answers.push(response);
    });
    const shown = await inPage<{ duration: number; currentTime: number }>(page, 'seekToMiddle', contentOf(film.fileId));
    expect(shown).toEqual({ duration: SECONDS, currentTime: SECONDS / 2, videoWidth: 320, videoHeight: 180 });
    expect(await inPage<number>(page, 'playOn')).toBeGreaterThan(SECONDS / 2);
    // Ten seconds in, the hue is 180: the picture is the one of the middle.
    expect(await shareOf([31, 173, 173], 'video')).toBeGreaterThan(0.05);

    expect(new Set(answers.map((answer) => answer.status()))).toEqual(new Set([206]));
    const starts = answers.map((answer) =>
      Number(/^bytes=(\d+)-/.exec(answer.request().headers()['range'] ?? '')?.[1]),
    );
    expect(starts[0]).toBe(0);
    // The middle was fetched without what lies before it.
    expect(Math.max(...starts)).toBeGreaterThan(film.size / 3);
  });

  it('M26 it plays from a download URL too, which needs neither a token nor a worker', async () => {
    const { url } = (await client.downloadUrl(film.fileId)).body;
    expect(await inPage(page, 'seekToMiddle', url)).toMatchObject({ duration: SECONDS, currentTime: SECONDS / 2 });
  });

  it('M27 a PDF opens in the viewer of the browser', async () => {
    const drawing = '0.8 0.1 0.1 rg 20 20 160 160 re f';
    const pdf = pdfOf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>',
      `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    ]);
    const fileId = await client.upload(pdf, { filename: 'plan.pdf', mimeType: 'application/pdf' });
    await client.until(fileId, 'available');
    expect(await inPage(page, 'view', contentOf(fileId))).toBe('application/pdf');
    await system.eventually('the page of the PDF is shown', async () => (await shareOf([204, 26, 26], 'pdf')) > 0.05);
  });

  it('M38 S24 a page of an unlisted origin gets no byte, with a token or without', async () => {
    const fileId = await client.upload(textFile());
    await client.until(fileId, 'available');
    const stranger = await browser.open('unlisted');
    const authorized = { headers: { authorization: `Bearer ${client.caller.token}` } };
    expect(await inPage(page, 'attempt', contentOf(fileId), authorized)).toBe(200);
    expect(await inPage(stranger, 'attempt', contentOf(fileId), authorized)).toBe('TypeError');
    await inPage(stranger, 'signIn', { api: system.apiUrl, token: client.caller.token });
    await expect(inPage(stranger, 'seekToMiddle', contentOf(film.fileId))).rejects.toThrow();
    await expect(
      inPage(stranger, 'seekToMiddle', contentOf(film.fileId), { crossOrigin: 'anonymous' }),
    ).rejects.toThrow();
  });
});
