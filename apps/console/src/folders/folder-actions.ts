import type { Folder } from '@custody/sdk';
import { go } from '../frame/place.js';
import { say } from '../frame/toasts.js';
import type { Workspace } from '../frame/workspace.js';
import { ask } from '../ui/dialogs.js';

export function askForFolder({ tree }: Workspace, parentId: string | null): void {
  ask({
    title: 'New folder',
    label: 'Name',
    confirm: 'Create',
    onConfirm: (name) => tree.create(name, parentId),
  });
}

export function askToRenameFolder({ tree }: Workspace, folder: Folder): void {
  const { name } = folder;
  ask({
    title: 'Rename folder',
    label: 'Name',
    value: name,
    confirm: 'Rename',
    onConfirm: async (text) => {
      await tree.rename(folder, text);
      say(`Renamed to ${text}.`, () => void tree.rename(folder, name));
    },
  });
}

export function askToDeleteFolder({ tree }: Workspace, folder: Folder): void {
  ask({
    title: `Delete ${folder.name}?`,
    text: 'The folder and the folders in it are gone at once. Its files are deleted with it; each can be restored for a while.',
    confirm: 'Delete',
    danger: true,
    onConfirm: async () => {
      await tree.delete(folder);
      go({ view: 'folder', folderId: folder.parentId, fileId: undefined });
    },
  });
}
