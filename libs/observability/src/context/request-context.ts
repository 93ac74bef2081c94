import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { continueTrace, traceIdOf } from './trace-parent.js';

/** What is known about the work that is going on; logged with every record and carried into jobs. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceparent: string;
  /** Known once the token was verified. */
  readonly tenantId?: string;
  readonly actorId?: string;
}

/** The part of the context that travels with a job. */
export interface RequestMeta {
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** Printable, short, and no character that means something to a log reader, a header or a URL. */
const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

interface Holder {
  context: RequestContext;
}
interface Request {
  readonly headers: IncomingHttpHeaders;
}

const storage = new AsyncLocalStorage<Holder>();
const requests = new WeakMap<Request, Holder>();

/** Keeps a sane request id and trace of the caller, else starts new ones. */
export function startContext(received: { requestId?: unknown; traceparent?: unknown }): RequestContext {
  const { requestId } = received;
  return {
    requestId: typeof requestId === 'string' && SANE_REQUEST_ID.test(requestId) ? requestId : randomUUID(),
    traceparent: continueTrace(received.traceparent),
  };
}

/** Runs `work`, and everything it awaits, in the given context. */
export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run({ context }, work);

/** `undefined` outside of a request, a job or a round of the reaper. */
export const currentContext = (): RequestContext | undefined => storage.getStore()?.context;

/** Adds who is asking to the running context; nothing happens outside of one. */
export function identify(actor: { tenantId?: string; actorId?: string }): void {
  const store = storage.getStore();
  if (store) store.context = { ...store.context, ...actor };
}

/** What a job or an outbox row takes along; empty outside of a context. */
export function currentMeta(): RequestMeta {
  const context = currentContext();
  return context ? { requestId: context.requestId, traceparent: context.traceparent } : {};
}

/** The one context of an HTTP request, whoever asks first. */
export const contextOfRequest = (request: Request): RequestContext => holderOf(request).context;

/** Runs the rest of an HTTP request in its context. */
export const runInRequest = (request: Request, work: () => void): void => storage.run(holderOf(request), work);

/** A context as log records show it. */
export function logFields({ traceparent, ...fields }: RequestContext): object {
  return { ...fields, traceId: traceIdOf(traceparent) };
}

function holderOf(request: Request): Holder {
  let holder = requests.get(request);
  if (!holder) {
    const { 'x-request-id': requestId, traceparent } = request.headers;
    holder = { context: startContext({ requestId, traceparent }) };
    requests.set(request, holder);
  }
  return holder;
}
