import type { Api } from '../http/api.js';
import { CustodyError } from '../errors.js';
import type { Operations } from '../generated/operations.js';
import { backOff, pause, whenOnline } from '../http/pause.js';
import { EventParser } from './event-parser.js';

type Streamed = Operations['GET /v1/events']['event'] | Operations['GET /v1/files/{fileId}/events']['event'];
/** What happens to files, as docs/api.md describes it; ends of connections are not told. */
export type FileEvent = Exclude<Streamed, { readonly event: 'end' }>;
type EndEvent = Extract<Streamed, { readonly event: 'end' }>;

export interface EventOptions {
  readonly signal?: AbortSignal | undefined;
  /** `id` of the last event seen: everything after it comes, once */
  readonly lastEventId?: string | undefined;
  /** told when a connection is there, and why when it is not */
  readonly onConnection?: ((state: 'open' | 'lost', error?: unknown) => void) | undefined;
}

/** Reasons after which another connection makes no sense. */
const LAST_WORDS: readonly string[] = ['final', 'deleted', 'not_found'];

/**
 * The events of a file, or of the tenant when no file is named. It connects again whenever a connection is lost, gone on from
 * the last event; it ends with the file, and throws what waiting does not mend.
 */
export async function* eventStream(
  api: Api,
  fileId: string | undefined,
  { signal, lastEventId, onConnection }: EventOptions,
): AsyncGenerator<FileEvent, void, undefined> {
  let seen = lastEventId;
  const parserOf = { retryMs: 0 };
  for (let failures = 0; ;) {
    try {
      const response = await open(api, fileId, seen, signal);
      if (response.status === 204 || response.body === null) return;
      onConnection?.('open');
      for await (const event of eventsOf(response.body, parserOf)) {
        failures = 0;
        seen = event.id ?? seen;
        if (event.parsed === undefined) continue;
        if (event.parsed.event !== 'end') yield event.parsed;
        else if (LAST_WORDS.includes(event.parsed.data.reason)) return;
      }
      onConnection?.('lost');
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
      failures += 1;
      onConnection?.('lost', error);
      const retryAfter = error instanceof CustodyError ? error.retryAfter : undefined;
      await pause(backOff(failures, retryAfter), signal);
    }
    await pause(parserOf.retryMs * Math.random(), signal);
    await whenOnline(signal);
  }
}

function open(api: Api, fileId: string | undefined, lastEventId: string | undefined, signal: AbortSignal | undefined) {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  return fileId === undefined
    ? api.send('GET /v1/events', { headers, signal })
    : api.send('GET /v1/files/{fileId}/events', { path: { fileId }, headers, signal });
}

interface Block {
  readonly id: string | undefined;
  readonly parsed: FileEvent | EndEvent | undefined;
}

async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  parserOf: { retryMs: number },
): AsyncGenerator<Block, void, undefined> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const { event, id, data } of parser.feed(decoder.decode(read.value, { stream: true }))) {
        const parsed = data === undefined ? undefined : { event, id, data: JSON.parse(data) as unknown };
        yield { id, parsed: parsed as FileEvent | EndEvent | undefined };
      }
      parserOf.retryMs = parser.retryMs ?? parserOf.retryMs;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Lost connections and refusals that say when to come back; the rest is for the caller. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof CustodyError)) return error instanceof TypeError || error instanceof DOMException;
  return error.code === 'NETWORK_ERROR' || [429, 502, 503, 504].includes(error.status);
}
