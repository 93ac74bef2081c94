import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';

export interface Transferred {
  readonly status: number;
  readonly body: string;
}

/** Sends a body of known length as a stream, as a browser sends a file. */
export async function sendStream(
  method: 'PUT' | 'POST',
  url: string,
  headers: Record<string, string>,
  size: number,
  chunks: Iterable<Buffer>,
): Promise<Transferred> {
  const outgoing = request(url, { method, headers: { ...headers, 'content-length': String(size) } });
  const answered = new Promise<Transferred>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      buffer(response).then((body) => resolve({ status: response.statusCode ?? 0, body: body.toString() }), reject);
    });
  });
  // The other side may answer before it has taken everything; its answer is what counts.
  await Promise.all([pipeline(Readable.from(chunks), outgoing).catch(() => undefined), answered]);
  return answered;
}

/** sha256 and size of what a URL serves, read as a stream. */
export async function hashOf(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; sha256: string; size: number }> {
  const response = await fetch(url, { headers });
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of response.body ?? []) {
    hash.update(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
  }
  return { status: response.status, sha256: hash.digest('hex'), size };
}

/** A multipart/form-data body (RFC 7578) with the file in the middle of its fields, made as it is read. */
export function formData(
  before: Record<string, string>,
  file: { name: string; type: string; size: number; chunks: Iterable<Buffer> },
  after: Record<string, string>,
) {
  const boundary = 'custody-acceptance-boundary';
  const field = ([name, value]: [string, string]) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = Buffer.from(
    `${Object.entries(before).map(field).join('')}--${boundary}\r\n` +
      `content-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: ${file.type}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n${Object.entries(after).map(field).join('')}--${boundary}--\r\n`);
  function* chunks(): Generator<Buffer> {
    yield head;
    yield* file.chunks;
    yield tail;
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    size: head.length + file.size + tail.length,
    chunks: chunks(),
  };
}
