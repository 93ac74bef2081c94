import type { Target } from './upload.js';

/**
 * What the page knows of an upload that is not over, to offer it again after a reload. The SDK keeps what it needs to go on; this
 * is what a person needs, and the browser's handle of the file where it gave one.
 */
export interface Remembered {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly target: Target;
  readonly userId: string;
  readonly handle?: FileSystemFileHandle;
}

const STORE = 'uploads';
let opened: Promise<IDBDatabase> | undefined;

export const remember = (upload: Remembered): Promise<unknown> => run('readwrite', (store) => store.put(upload));

export const forget = (id: string): Promise<unknown> => run('readwrite', (store) => store.delete(id));

export async function remembered(userId: string): Promise<readonly Remembered[]> {
  const all = (await run('readonly', (store) => store.getAll())) as readonly Remembered[];
  return all.filter((upload) => upload.userId === userId);
}

/** Whether it is the file that was remembered. */
export const isSameFile = (file: File, known: Pick<Remembered, 'name' | 'size' | 'lastModified'>): boolean =>
  file.name === known.name && file.size === known.size && file.lastModified === known.lastModified;

async function run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  opened ??= open();
  return settled(ask((await opened).transaction(STORE, mode).objectStore(STORE)));
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('custody-console', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}
