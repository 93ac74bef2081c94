import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorageLimits } from '../storage.options.js';
import { S3ObjectStore } from './s3-object-store.js';

/** Starts `server` on a free port of this machine and resolves to its origin. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A store that answers as told, also wrongly on purpose: what a cut, silent or overloaded one looks like on the wire. */
export async function storeOver(
  answer: RequestListener,
  limits: Partial<StorageLimits>,
  run: (store: S3ObjectStore) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  const store = new S3ObjectStore({
    endpoint: await listening(server),
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    stagingBucket: 'staging',
    mainBucket: 'main',
    forcePathStyle: true,
    sse: 'none',
    limits,
  });
  try {
    await run(store);
  } finally {
    store.close();
    await closed(server);
  }
}
