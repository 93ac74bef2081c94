import type { ListedFile } from '@custody/sdk';
import { openFile, place } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { bytes } from '../words/amounts.js';
import { folderName } from '../words/people.js';
import { refusalWords } from '../words/status.js';
import { exactTime, shortTime } from '../words/times.js';
import { Menu } from '../ui/menu.js';
import { StatusBadge } from '../ui/status-badge.js';
import { fileActions } from './file-actions.js';
import { Thumbnail } from './thumbnail.js';

export function FileRow({ file }: { readonly file: ListedFile }) {
  const workspace = useWorkspace();
  const { fileId, filename, size, updatedAt, folderPath } = file;
  const refusal = refusalWords(file);
  const isOpen = place.value.fileId === fileId;
  return (
    <li class={`row ${isOpen ? 'row-open' : ''}`} data-file={fileId}>
      <Thumbnail file={file} />
      <span class="row-main">
        <button type="button" class="row-name" aria-expanded={isOpen} onClick={() => openFile(fileId)}>
          {filename}
        </button>
        {refusal !== '' && <span class="row-note problem">{refusal}</span>}
        {refusal === '' && place.value.view === 'all' && <span class="row-note">{folderName(folderPath)}</span>}
      </span>
      <StatusBadge of={file} />
      <span class="row-size">{bytes(size)}</span>
      <time class="row-time" dateTime={updatedAt} title={exactTime(updatedAt)}>
        {shortTime(updatedAt)}
      </time>
      <Menu label={`Actions for ${filename}`} icon="more" items={fileActions(workspace, file)} />
    </li>
  );
}
