import { readState } from './upload-state.js';
import type { StateStore, UploadState } from './upload-state.js';

const STORE = 'uploads';

/** States in the browser's IndexedDB, by origin. */
export class IndexedDbState implements StateStore {
  private opened: Promise<IDBDatabase> | undefined;

  constructor(private readonly name = 'custody') {}

  async get(key: string): Promise<UploadState | undefined> {
    return readState(await this.run('readonly', (store) => store.get(key)));
  }

  async set(state: UploadState): Promise<void> {
    await this.run('readwrite', (store) => store.put(state));
  }

  async delete(key: string): Promise<void> {
    await this.run('readwrite', (store) => store.delete(key));
  }

  async list(): Promise<readonly UploadState[]> {
    return (await this.run('readonly', (store) => store.getAll() as IDBRequest<unknown[]>)).flatMap(
      (value) => readState(value) ?? [],
    );
  }

  private async run<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    this.opened ??= this.open();
    const transaction = (await this.opened).transaction(STORE, mode);
    const answer = settled(ask(transaction.objectStore(STORE)));
    return answer;
  }

  private open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    const opened = settled(request);
    opened.catch(() => (this.opened = undefined));
    return opened;
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}
