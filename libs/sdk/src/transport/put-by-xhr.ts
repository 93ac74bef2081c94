import { CustodyError } from '../errors.js';
import { reasonOf } from '../http/pause.js';
import { retryAfterOf } from '../http/problem.js';
import { STALLED_MS } from './put.js';
import type { PutAnswer, PutRequest } from './put.js';

/** The browser reads the slice from disk by itself, so a part of any size costs no memory. */
export async function putByXhr({ url, headers, body, signal, onSent }: PutRequest): Promise<PutAnswer> {
  signal.throwIfAborted();
  if (!(body instanceof Blob)) throw new TypeError('a browser sends Blobs: slice() has to return one');
  const xhr = new XMLHttpRequest();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  const abort = () => xhr.abort();
  try {
    return await new Promise<PutAnswer>((resolve, reject) => {
      const moved = () => {
        clearTimeout(stalled);
        stalled = setTimeout(abort, STALLED_MS);
      };
      const lost = (what: string) => () =>
        reject(signal.aborted ? reasonOf(signal) : new CustodyError('NETWORK_ERROR', `the PUT ${what}`));
      xhr.upload.onprogress = ({ loaded }) => {
        moved();
        onSent(loaded);
      };
      xhr.onload = () =>
        resolve({ status: xhr.status, retryAfter: retryAfterOf({ get: (name) => xhr.getResponseHeader(name) }) });
      xhr.onerror = lost('failed');
      xhr.onabort = lost('stalled');
      signal.addEventListener('abort', abort, { once: true });
      xhr.open('PUT', url);
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      moved();
      xhr.send(body);
    });
  } finally {
    clearTimeout(stalled);
    signal.removeEventListener('abort', abort);
  }
}
