import type { Folder } from '@custody/sdk';
import { askToDeleteFolder, askToRenameFolder } from '../folders/folder-actions.js';
import { MoveDialog } from '../folders/move-dialog.js';
import { hashOf } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { shortTime } from '../words/times.js';
import { openDialog } from '../ui/dialogs.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';

export function FolderRow({ folder }: { readonly folder: Folder }) {
  const workspace = useWorkspace();
  const { folderId, name, parentId, updatedAt } = folder;
  const readOnly = !workspace.may('files:write');
  const move = () => {
    const onMove = (to: string | null) => workspace.tree.move(folder, to);
    openDialog(<MoveDialog key={folderId} name={name} from={parentId} onMove={onMove} />);
  };
  return (
    <li class="row">
      <span class="thumb thumb-folder">
        <Icon name="folder" />
      </span>
      <span class="row-main">
        <a class="row-name" href={hashOf({ view: 'folder', folderId, fileId: undefined })}>
          {name}
        </a>
      </span>
      <span />
      <span class="row-size" />
      <time class="row-time" dateTime={updatedAt}>
        {shortTime(updatedAt)}
      </time>
      <Menu
        label={`Actions for ${name}`}
        icon="more"
        items={[
          { label: 'Rename…', disabled: readOnly, onSelect: () => askToRenameFolder(workspace, folder) },
          { label: 'Move…', disabled: readOnly, onSelect: move },
          { label: 'Delete…', danger: true, disabled: readOnly, onSelect: () => askToDeleteFolder(workspace, folder) },
        ]}
      />
    </li>
  );
}
