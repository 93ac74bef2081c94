import { CustodyError } from '../errors.js';
import { retryAfterOf } from '../http/problem.js';
import type { PutAnswer, PutRequest } from './put.js';

/** For service workers, which have no XMLHttpRequest: progress comes when the PUT is over. */
export async function putByFetch({ url, headers, body, size, signal, onSent }: PutRequest): Promise<PutAnswer> {
  if (!(body instanceof Blob)) throw new TypeError('fetch sends Blobs: slice() has to return one');
  try {
    const response = await fetch(url, { method: 'PUT', headers: { ...headers }, body, signal });
    await response.arrayBuffer();
    onSent(size);
    return { status: response.status, retryAfter: retryAfterOf(response.headers) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new CustodyError('NETWORK_ERROR', 'the PUT failed', { cause });
  }
}
