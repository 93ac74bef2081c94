import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { Answer, Client } from './client.js';

const ROOT = join(import.meta.dirname, '../../../..');
/** The majors of `@uppy/aws-s3` stand in two package.json: each resolves to its own. */
const HOMES = { 5: join(ROOT, 'apps/acceptance'), 6: ROOT } as const;
export type UppyMajor = keyof typeof HOMES;

/** A file as page/uppy.js makes it; `type` as the browser would say. */
export interface UppyFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly seed: number;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface UppyResult {
  readonly parts: number;
  readonly pauses: number;
  readonly progress: number;
  readonly failures: number;
  readonly failed: readonly string[];
  readonly uploadURL: string;
  readonly body?: { readonly location?: string; readonly key?: string };
}

/** Puts the unchanged packages of one major into a page. */
export async function loadUppy(page: Page, major: UppyMajor): Promise<string> {
  const contents = readFileSync(join(ROOT, 'apps/acceptance/page/uppy.js'), 'utf8');
  const stdin = { contents, resolveDir: HOMES[major], sourcefile: 'uppy.js' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'iife', write: false, logLevel: 'silent' });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  return page.evaluate<string>('uppy.version');
}

export function uploadWithUppy(
  page: Page,
  request: { plugin: object; file: UppyFile; pause?: boolean; renewed?: object },
): Promise<UppyResult> {
  return page.evaluate<UppyResult>(`uppy.upload(${JSON.stringify(request)})`);
}

/** The bytes of page/uppy.js. */
export function bytesOf({ size, seed }: Pick<UppyFile, 'size' | 'seed'>): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 7 + (at >> 8) * 13 + seed) & 255;
  return bytes;
}

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** POSTs a form as a browser does: the fields, then the file. */
export function postForm({ url, fields }: UploadForm, bytes: Uint8Array, change: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(bytes)]));
  return fetch(url, { method: 'POST', body: form });
}

/** The doors of Uppy as its plugin calls them, at `/uppy` or under a token. */
export class UppyDoors {
  constructor(
    private readonly client: Client,
    private readonly prefix = '/uppy',
  ) {}

  /** As version 6 asks; `accept` as version 5 does. */
  params(filename: string, type: string, metadata: Readonly<Record<string, string>>, accept = '*/*'): Promise<Answer> {
    const members = Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]);
    const query = new URLSearchParams({ filename, type, ...(Object.fromEntries(members) as Record<string, string>) });
    return this.call('GET', `/params?${query.toString()}`, undefined, { accept });
  }

  create(metadata: object, type = 'application/octet-stream', filename = 'disk.img'): Promise<Answer> {
    return this.call('POST', '/multipart', { filename, type, metadata });
  }

  list = (uploadId: string) => this.call('GET', `/multipart/${uploadId}?key=x`);
  sign = (uploadId: string, part: number | string) => this.call('GET', `/multipart/${uploadId}/${part}?key=x`);
  complete = (uploadId: string, body: unknown) => this.call('POST', `/multipart/${uploadId}/complete?key=x`, body);
  abort = (uploadId: string) => this.call('DELETE', `/multipart/${uploadId}?key=x`);

  /** Signs and sends one part; resolves to its ETag as the store answers it. */
  async send(uploadId: string, part: number, bytes: Uint8Array): Promise<string> {
    const { status, body } = await this.sign(uploadId, part);
    if (status !== 200) throw new Error(`sign answered ${status} ${JSON.stringify(body)}`);
    const put = await fetch(body.url, { method: 'PUT', body: new Uint8Array(bytes) });
    if (put.status !== 200) throw new Error(`PUT answered ${put.status} ${await put.text()}`);
    return put.headers.get('etag') ?? '';
  }

  private call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.client.call(method, `${this.prefix}/s3${path}`, body, headers);
  }
}
