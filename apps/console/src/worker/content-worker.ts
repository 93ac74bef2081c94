/*
 * Lets <img>, <video> and <audio> of the console read the content door: elements cannot send a header, a service worker can (ADR 0022).
 * It keeps no token: it asks the page that asks for the bytes, each time, so that it has nothing to lose when the browser ends it.
 */
interface WorkerClient {
  postMessage(message: unknown, transfer: Transferable[]): void;
}
interface Fetching extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void>; get(id: string): Promise<WorkerClient | undefined> };
  readonly location: Location;
  addEventListener(type: 'install' | 'activate', listen: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listen: (event: Fetching) => void): void;
}

const worker = self as unknown as WorkerScope;
const CONTENT = /^\/v1\/files\/[^/]+\/content$/;

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (event) => {
  const { method, url, headers } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== worker.location.origin || !CONTENT.test(pathname)) return;
  // What the page sends by itself has its token already.
  if (!headers.has('authorization')) event.respondWith(authorized(event));
});

async function authorized({ request, clientId }: Fetching): Promise<Response> {
  // Range and If-Range, which a player sends when it seeks, go along.
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${await tokenOf(clientId)}`);
  return fetch(request.url, { headers, mode: 'same-origin', credentials: 'omit', signal: request.signal });
}

async function tokenOf(clientId: string): Promise<string> {
  const page = await worker.clients.get(clientId);
  const { port1, port2 } = new MessageChannel();
  const told = new Promise<string>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
  });
  page?.postMessage('token', [port2]);
  return page === undefined ? '' : told;
}
