import { CustodyError } from '../errors.js';
import { backOff, pause, whenOnline } from '../http/pause.js';
import type { Put, PutAnswer } from '../transport/put.js';
import type { Piece } from './parts.js';
import type { UploadSource } from './source.js';

/** A URL of the store and the headers it signs. */
export interface SignedPut {
  readonly uploadUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is needed to get one piece into the store. */
export interface Delivery {
  readonly put: Put;
  readonly source: UploadSource;
  readonly piece: Piece;
  readonly signal: AbortSignal;
  /** @param refused what the store did not take: it ran out, or it never was right */
  sign(refused: SignedPut | undefined): Promise<SignedPut>;
  readonly onSent: (bytes: number) => void;
  readonly onWait: (error: CustodyError, milliseconds: number) => void;
}

/** Refusals in a row, each of a fresh URL, until it is not the clock. */
const REFUSALS = 3;
/** 400 is what S3 says of a body that came too slowly, and of what will never be right. */
const ODDITIES = 5;

/**
 * Sends the piece until it is there: a lost connection, an outage and a throttled store are waited for, a URL that ran out is
 * signed again. Resolves with the status: 2xx, 412 (it was there before) or 404 (there is no such
 * upload any more); UPLOAD_REFUSED when the store means it.
 */
export async function deliver(delivery: Delivery): Promise<number> {
  const { signal, onWait } = delivery;
  let refusals = 0;
  let refused: SignedPut | undefined;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const signed = await delivery.sign(refused);
    const { status, error } = await tried(delivery, signed);
    if (error === undefined) return status;
    refused = status === 403 ? signed : undefined;
    refusals = status === 403 ? refusals + 1 : 0;
    if (status === 403 && refusals < REFUSALS) continue;
    if (!isPassing(status, attempt)) throw error;
    const milliseconds = backOff(attempt, error.retryAfter);
    onWait(error, milliseconds);
    await pause(milliseconds, signal);
    await whenOnline(signal);
  }
}

interface Tried {
  readonly status: number;
  readonly error: CustodyError | undefined;
}

async function tried(delivery: Delivery, { uploadUrl, headers }: SignedPut): Promise<Tried> {
  const { put, source, piece, signal, onSent } = delivery;
  onSent(0);
  try {
    const { start, end } = piece;
    const body = source.slice(start, end);
    return outcome(await put({ url: uploadUrl, headers, body, size: end - start, signal, onSent }));
  } catch (error) {
    onSent(0);
    if (!(error instanceof CustodyError) || error.code !== 'NETWORK_ERROR') throw error;
    // A file that is gone looks like a lost connection to a browser.
    await source.check();
    return { status: 0, error };
  }
}

function outcome({ status, retryAfter }: PutAnswer): Tried {
  if ((status >= 200 && status < 300) || status === 412 || status === 404) return { status, error: undefined };
  return {
    status,
    error: new CustodyError('UPLOAD_REFUSED', `the store answered ${status}`, { status, retryAfter }),
  };
}

function isPassing(status: number, attempt: number): boolean {
  if (status === 400) return attempt < ODDITIES;
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
