import type { FileMetadata } from '@custody/sdk';
import { useEffect, useRef, useState } from 'preact/hooks';
import { downloadFile } from '../files/file-actions.js';
import { attempt } from '../frame/attempt.js';
import { openFile } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { Icon } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { ProblemNote } from '../ui/problem-note.js';
import { StatusBadge } from '../ui/status-badge.js';
import { Tabs, type Tab } from '../ui/tabs.js';
import { useLoaded } from '../ui/use-loaded.js';
import { refusalWords } from '../words/status.js';
import { FactsTab } from './facts-tab.js';
import { HistoryTab } from './history-tab.js';
import { Preview } from './preview.js';
import { SharingTab } from './sharing-tab.js';
import { VersionsTab } from './versions-tab.js';

/** Everything about one file, beside the list. */
export function FileDetails({ fileId }: { readonly fileId: string }) {
  const { custody, live } = useWorkspace();
  const file = useLoaded((signal) => custody.files.metadata(fileId, { signal }), [fileId]);
  const [shown, setShown] = useState<FileMetadata>();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => setShown(file.state === 'ready' ? file.value : undefined), [file.state, fileId]);
  useEffect(
    () =>
      live.follow({
        changed: (changed) => changed.fileId === fileId && setShown(changed),
        deleted: (gone) => gone === fileId && openFile(undefined),
        reset: file.reload,
      }),
    [fileId],
  );
  useEffect(() => panel.current?.focus(), [fileId]);
  return (
    <aside
      ref={panel}
      class="details"
      aria-label={shown === undefined ? 'File' : `File ${shown.filename}`}
      tabIndex={-1}
      onKeyDown={(event) => closes(event) && leave(fileId)}
    >
      <header>
        <h2>{shown?.filename ?? ' '}</h2>
        <IconButton icon="close" label="Close details" onClick={() => leave(fileId)} />
      </header>
      {file.state === 'failed' && <ProblemNote error={file.error} onRetry={file.reload} />}
      {shown !== undefined && <Contents key={fileId} file={shown} />}
    </aside>
  );
}

/** Escape, unless it is for a menu. */
const closes = ({ key, target }: KeyboardEvent): boolean =>
  key === 'Escape' && target instanceof Element && target.closest('[popover]') === null;

/** Closes, and gives the focus back to the row it came from. */
function leave(fileId: string): void {
  openFile(undefined);
  document.querySelector<HTMLElement>(`[data-file="${CSS.escape(fileId)}"] .row-name`)?.focus();
}

function Contents({ file }: { readonly file: FileMetadata }) {
  const workspace = useWorkspace();
  const [tab, setTab] = useState('facts');
  const refusal = refusalWords(file);
  const tabs: Tab[] = [
    { key: 'facts', label: 'Details', content: () => <FactsTab file={file} /> },
    { key: 'versions', label: 'Versions', content: () => <VersionsTab file={file} /> },
    { key: 'sharing', label: 'Sharing', content: () => <SharingTab file={file} /> },
    ...(workspace.isAdmin ? [{ key: 'history', label: 'History', content: () => <HistoryTab file={file} /> }] : []),
  ];
  return (
    <>
      <div class="details-status">
        <StatusBadge of={file} />
        <button
          type="button"
          class="button"
          disabled={file.status !== 'available' || !workspace.may('files:export')}
          onClick={() => void attempt(() => downloadFile(workspace, file.fileId))}
        >
          <Icon name="download" />
          Download
        </button>
      </div>
      {refusal !== '' && <p class="problem">{refusal}</p>}
      <Preview key={file.versionId} file={file} />
      <Tabs label="About the file" tabs={tabs} current={tab} onChange={setTab} />
    </>
  );
}
