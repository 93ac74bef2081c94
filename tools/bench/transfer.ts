import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const MB = 1_000_000;
/** A request that hangs must not hang the run. */
const ANSWER_WITHIN_MS = 300_000;

export interface Download {
  /** Milliseconds from the request to the first byte of the body. */
  readonly firstByteMs: number;
  readonly bytes: number;
}

/** Reads a body to its end, or to `signal`, and throws it away. */
export function download(url: string, headers: Record<string, string>, signal?: AbortSignal): Promise<Download> {
  const begin = performance.now();
  let [bytes, firstByteMs] = [0, 0];
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent, ...(signal ? { signal } : {}) }, (response) => {
      const end = () => resolve({ firstByteMs, bytes });
      if ((response.statusCode ?? 500) >= 300)
        return reject(new Error(`GET ${url.split('?')[0]}: ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) firstByteMs = performance.now() - begin;
        bytes += chunk.length;
      });
      response.on('end', end);
      response.on('error', (error) => (signal?.aborted === true ? end() : reject(error)));
    });
    sent.on('error', (error) => (signal?.aborted === true ? resolve({ firstByteMs, bytes }) : reject(error)));
    sent.end();
  });
}

/** Megabytes (10⁶) a second of `streams` parallel downloads, one after the other on each; what runs after `forMs` is broken off. */
export async function downloadRate(
  streams: number,
  forMs: number,
  one: (signal: AbortSignal) => Promise<Download>,
): Promise<number> {
  const begin = performance.now();
  const signal = AbortSignal.timeout(forMs);
  let bytes = 0;
  const work = async () => {
    while (!signal.aborted) {
      const { bytes: read } = await one(signal);
      bytes += read;
    }
  };
  await Promise.all(Array.from({ length: streams }, work));
  return bytes / MB / ((performance.now() - begin) / 1000);
}

/** Sends `body` and resolves to MB/s once it is answered. */
export function upload(
  url: string,
  method: 'PUT' | 'POST',
  headers: Record<string, string>,
  body: readonly Buffer[],
): Promise<number> {
  const size = body.reduce((sum, part) => sum + part.length, 0);
  const begin = performance.now();
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { ...headers, 'content-length': String(size) }, agent, signal },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve(size / MB / ((performance.now() - begin) / 1000));
          else reject(new Error(`${method}: ${response.statusCode} ${text}`));
        });
      },
    );
    sent.on('error', reject);
    for (const part of body) sent.write(part);
    sent.end();
  });
}
