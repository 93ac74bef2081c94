import type { FileMetadata } from '@custody/sdk';
import { MoveDialog } from '../folders/move-dialog.js';
import { attempt } from '../frame/attempt.js';
import { say } from '../frame/toasts.js';
import type { Workspace } from '../frame/workspace.js';
import { ask, openDialog } from '../ui/dialogs.js';
import type { MenuItem } from '../ui/menu.js';

type File = Pick<FileMetadata, 'fileId' | 'filename' | 'folderId' | 'status'>;

/** What can be done with a file, as far as the person may. */
export function fileActions(workspace: Workspace, file: File): MenuItem[] {
  const readOnly = !workspace.may('files:write');
  return [
    {
      label: 'Download',
      disabled: file.status !== 'available' || !workspace.may('files:export'),
      onSelect: () => void attempt(() => downloadFile(workspace, file.fileId)),
    },
    { label: 'Rename…', disabled: readOnly, onSelect: () => rename(workspace, file) },
    { label: 'Move…', disabled: readOnly, onSelect: () => move(workspace, file) },
    ...(workspace.isAdmin
      ? [
          {
            label: 'Scan again',
            disabled: file.status !== 'available',
            onSelect: () => void attempt(() => rescan(workspace, file)),
          },
        ]
      : []),
    { label: 'Delete', danger: true, disabled: readOnly, onSelect: () => void attempt(() => remove(workspace, file)) },
  ];
}

/** By a URL of the store, which is made an attachment. */
export async function downloadFile({ custody }: Workspace, fileId: string, versionId?: string): Promise<void> {
  const version = versionId === undefined ? {} : { versionId };
  const { url } = await custody.files.downloadUrl(fileId, { attachment: true, expiresIn: 60, ...version });
  location.assign(url);
}

function rename({ custody, live }: Workspace, { fileId, filename }: File): void {
  const to = async (name: string) => {
    await custody.files.update(fileId, { filename: name });
    live.gather(fileId);
  };
  ask({
    title: 'Rename file',
    label: 'Name',
    value: filename,
    confirm: 'Rename',
    onConfirm: async (name) => {
      await to(name);
      say(`Renamed to ${name}.`, () => void attempt(() => to(filename)));
    },
  });
}

function move({ custody, live }: Workspace, { fileId, filename, folderId }: File): void {
  const to = async (folder: string | null) => {
    await custody.files.update(fileId, { folderId: folder });
    live.gather(fileId);
  };
  const onMove = async (folder: string | null) => {
    await to(folder);
    say(`${filename} was moved.`, () => void attempt(() => to(folderId)));
  };
  openDialog(<MoveDialog key={fileId} name={filename} from={folderId} onMove={onMove} />);
}

async function rescan({ custody }: Workspace, { fileId, filename }: File): Promise<void> {
  await custody.call('POST /v1/files/{fileId}/rescan', { path: { fileId }, body: {} });
  say(`${filename} is scanned again. It stays available unless something is found.`);
}

/** No question first: there is a way back. */
async function remove({ custody, list, live }: Workspace, { fileId, filename }: File): Promise<void> {
  await custody.files.delete(fileId);
  list.remove(fileId);
  const restore = async () => {
    await custody.files.restore(fileId);
    live.gather(fileId);
  };
  say(`${filename} was deleted.`, () => void attempt(restore));
}
