import { CustodyError } from '../errors.js';
import type { Api } from '../http/api.js';
import { backOff, pause } from '../http/pause.js';

const TRIES = 8;

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** one version of the file; absent: the one that speaks for it */
  readonly versionId?: string | undefined;
  /** first byte, to go on with what is there already */
  readonly from?: number | undefined;
  /** last byte, itself included */
  readonly to?: number | undefined;
  /** `etag` of an earlier download: other bytes than those are SOURCE_CHANGED */
  readonly etag?: string | undefined;
}

/** Bytes on their way. */
export interface Download {
  /** of the whole file, in bytes */
  readonly size: number;
  /** the file's bytes have this tag: give it back with `from` */
  readonly etag: string;
  readonly contentType: string;
  /** a broken connection is gone on from where it broke */
  readonly stream: ReadableStream<Uint8Array>;
  /** all of it, for files that fit into memory */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens the content of a file. The stream is read as fast as it is taken. */
export async function download(api: Api, fileId: string, options: DownloadOptions = {}): Promise<Download> {
  const { from = 0, to, etag: known } = options;
  const first = await open(api, fileId, options, from, known);
  const etag = first.headers.get('etag') ?? '';
  const size = sizeOf(first);
  const last = Math.min(to ?? size - 1, size - 1);
  const source = bytesOf(first, from, last, (at) => open(api, fileId, options, at, etag), options.signal);
  const stream = streamOf(source);
  const contentType = first.headers.get('content-type') ?? 'application/octet-stream';
  return {
    size,
    etag,
    contentType,
    stream,
    bytes: async () => new Uint8Array(await new Response(stream).arrayBuffer()),
  };
}

async function open(
  api: Api,
  fileId: string,
  { versionId, to, signal }: DownloadOptions,
  from: number,
  etag: string | undefined,
): Promise<Response> {
  const ranged = from > 0 || to !== undefined;
  const response = await api.send('GET /v1/files/{fileId}/content', {
    path: { fileId },
    query: versionId === undefined ? {} : { versionId },
    headers: {
      ...(ranged ? { range: `bytes=${from}-${to ?? ''}` } : {}),
      ...(ranged && etag !== undefined ? { 'if-range': etag } : {}),
    },
    signal,
  });
  // RFC 9110, 13.1.5: the whole instead of a part means that the tag is not the file's any more.
  if ((ranged && response.status !== 206) || (etag !== undefined && response.headers.get('etag') !== etag)) {
    await response.body?.cancel();
    throw new CustodyError('SOURCE_CHANGED', `file ${fileId} has other bytes now`);
  }
  return response;
}

function sizeOf(response: Response): number {
  const range = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  return Number(range ?? response.headers.get('content-length') ?? Number.NaN);
}

async function* bytesOf(
  first: Response,
  from: number,
  last: number,
  reopen: (at: number) => Promise<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = from;
  let response: Response | undefined = first;
  for (let failures = 0; ;) {
    try {
      response ??= await reopen(at);
      for await (const chunk of chunksOf(response)) {
        at += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (at > last) return;
      throw new CustodyError('NETWORK_ERROR', `the download ended at byte ${at}`);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || failures >= TRIES) throw error;
      response = undefined;
      failures += 1;
      await pause(backOff(failures, error instanceof CustodyError ? error.retryAfter : 0), signal);
    }
  }
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof CustodyError)
    return error.code === 'NETWORK_ERROR' || [429, 502, 503, 504].includes(error.status);
  return error instanceof TypeError;
}

function streamOf(source: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}
