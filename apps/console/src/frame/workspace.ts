import { signal } from '@preact/signals';
import { createCustody, type Custody, type FileMetadata } from '@custody/sdk';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { FileList } from '../files/file-list.js';
import { type Filters, NO_FILTERS } from '../files/filters.js';
import { FolderTree } from '../folders/folder-tree.js';
import { LiveUpdates } from '../live/live-updates.js';
import type { Session } from '../session/session.js';
import { UploadQueue } from '../uploads/upload-queue.js';

/** All that lives as long as somebody is signed in. */
export class Workspace {
  readonly custody: Custody;
  readonly list: FileList;
  readonly tree: FolderTree;
  readonly live: LiveUpdates;
  readonly uploads: UploadQueue;
  readonly filters = signal<Filters>(NO_FILTERS);
  /** Whether elements can read the content door: a service worker is there. */
  readonly streams = signal(false);

  constructor(readonly session: Session) {
    this.custody = createCustody({ url: session.settings.apiUrl, token: session.token });
    this.list = new FileList(this.custody);
    this.tree = new FolderTree(this.custody);
    this.live = new LiveUpdates(this.custody);
    this.uploads = new UploadQueue(this.custody, this.tree, () => session.who.value?.userId ?? '');
    this.live.follow(this.uploads);
    this.live.follow({
      changed: (file: FileMetadata) => this.list.put(file),
      deleted: (fileId) => this.list.remove(fileId),
      reset: () => void this.list.reload(),
    });
  }

  get isAdmin(): boolean {
    return this.may('files:admin');
  }

  may(scope: 'files:write' | 'files:export' | 'files:admin'): boolean {
    return this.session.who.value?.scopes.has(scope) ?? false;
  }
}

const context = createContext<Workspace | undefined>(undefined);
export const WorkspaceProvider = context.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(context);
  if (workspace === undefined) throw new Error('nobody is signed in');
  return workspace;
}
