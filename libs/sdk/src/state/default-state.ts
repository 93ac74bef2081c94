import { isNode } from '../node/builtin.js';
import { FileState } from './file-state.js';
import { IndexedDbState } from './indexed-db-state.js';
import type { StateStore, UploadState } from './upload-state.js';

/** IndexedDB in browsers, files in Node, nothing elsewhere. */
export function defaultState(): StateStore {
  if (typeof globalThis.indexedDB === 'object') return new IndexedDbState();
  return isNode() ? new FileState() : NOWHERE;
}

/** Remembers nothing. */
export const NOWHERE: StateStore = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(),
  list: () => Promise.resolve<UploadState[]>([]),
};

/**
 * A store whose failures cost the upload nothing but its memory: a private window without IndexedDB and a home folder that
 * cannot be written are no reason not to upload.
 */
export function forgiving(store: StateStore): StateStore {
  return {
    get: (key) => store.get(key).catch(() => undefined),
    set: (state) => store.set(state).catch(() => undefined),
    delete: (key) => store.delete(key).catch(() => undefined),
    list: () => store.list().catch(() => []),
  };
}
