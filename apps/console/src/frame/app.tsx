import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { FileDetails } from '../details/file-details.js';
import { FilesView } from '../files/files-view.js';
import { Sidebar } from '../folders/sidebar.js';
import { QuarantineView } from '../quarantine/quarantine-view.js';
import { startContentWorker } from '../session/content-worker.js';
import { OpenDialog } from '../ui/dialogs.js';
import { DropZone } from '../uploads/drop-zone.js';
import { UploadPanel } from '../uploads/upload-panel.js';
import { Announcer } from './announcer.js';
import { attempt } from './attempt.js';
import { Header } from './header.js';
import { place } from './place.js';
import { SessionBanner } from './session-banner.js';
import { ToastList } from './toast-list.js';
import { useWorkspace, type Workspace } from './workspace.js';

export function App() {
  const workspace = useWorkspace();
  const menuOpen = useSignal(false);
  const { view, fileId } = place.value;
  useEffect(() => start(workspace), []);
  return (
    <div class={`app ${fileId === undefined ? '' : 'app-details'}`}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the files
      </a>
      <Header onMenu={() => (menuOpen.value = !menuOpen.value)} menuOpen={menuOpen.value} />
      <SessionBanner />
      <Sidebar open={menuOpen.value} onLeave={() => (menuOpen.value = false)} />
      <main id="main" tabIndex={-1}>
        {view === 'quarantine' ? <QuarantineView /> : <FilesView />}
      </main>
      {fileId !== undefined && <FileDetails key={fileId} fileId={fileId} />}
      <UploadPanel />
      <DropZone />
      <OpenDialog />
      <ToastList />
      <Announcer />
    </div>
  );
}

/** The fragment of the address is the place; skipping must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}

function start({ session, streams, uploads, live }: Workspace): void {
  startContentWorker(session).then(
    (works) => (streams.value = works),
    () => (streams.value = false),
  );
  // A private window without IndexedDB has nothing to restore.
  uploads.restore().catch(() => undefined);
  void attempt(() => live.run());
}
