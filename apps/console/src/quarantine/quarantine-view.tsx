import type { ListedFile } from '@custody/sdk';
import { useEffect } from 'preact/hooks';
import { say } from '../frame/toasts.js';
import { openFile } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { ask } from '../ui/dialogs.js';
import { ProblemNote } from '../ui/problem-note.js';
import { useLoaded } from '../ui/use-loaded.js';
import { bytes } from '../words/amounts.js';
import { refusalWords } from '../words/status.js';
import { shortTime } from '../words/times.js';
import { readHeld } from './held.js';

/** For administrators: what waits for their decision, and what was refused lately. */
export function QuarantineView() {
  const { custody, live } = useWorkspace();
  const held = useLoaded((signal) => readHeld(custody, signal), []);
  const refused = useLoaded((signal) => custody.files.list({ status: 'rejected', limit: 50, signal }).page(), []);
  const reload = () => {
    held.reload();
    refused.reload();
  };
  useEffect(() => {
    const ofInterest = (file: { readonly stage: string }) =>
      ['held', 'rejected', 'available'].includes(file.stage) && reload();
    return live.follow({ changed: ofInterest, deleted: reload, reset: reload });
  }, []);
  return (
    <section class="files">
      <div class="bar">
        <h1>Quarantine</h1>
      </div>
      <h2>Held: somebody has to decide</h2>
      {held.state === 'failed' && <ProblemNote error={held.error} onRetry={held.reload} />}
      {held.state === 'ready' && held.value.length === 0 && <p class="hint">Nothing waits for a decision.</p>}
      <ul class="rows" aria-label="Held files">
        {held.state === 'ready' &&
          held.value.map((file) => <HeldRow key={file.fileId} file={file} onDecided={reload} />)}
      </ul>
      <h2>Refused lately</h2>
      {refused.state === 'failed' && <ProblemNote error={refused.error} onRetry={refused.reload} />}
      {refused.state === 'ready' && refused.value.items.length === 0 && <p class="hint">No file was refused.</p>}
      <ul class="rows" aria-label="Refused files">
        {refused.state === 'ready' && refused.value.items.map((file) => <RefusedRow key={file.fileId} file={file} />)}
      </ul>
    </section>
  );
}

function HeldRow({ file, onDecided }: { readonly file: ListedFile; readonly onDecided: () => void }) {
  const { custody } = useWorkspace();
  const { fileId, versionId, filename, size, createdAt } = file;
  const decide = (verb: 'release' | 'reject') =>
    ask({
      title: verb === 'release' ? `Release ${filename}?` : `Reject ${filename}?`,
      text:
        verb === 'release'
          ? 'It was not scanned. Everybody who may see it can open it then. Your reason is kept in the audit log.'
          : 'Its bytes are deleted. Your reason is kept in the audit log.',
      label: 'Reason',
      multiline: true,
      confirm: verb === 'release' ? 'Release' : 'Reject',
      danger: verb === 'reject',
      onConfirm: async (reason) => {
        await custody.versions[verb](fileId, versionId, reason);
        say(verb === 'release' ? `${filename} was released.` : `${filename} was rejected.`);
        onDecided();
      },
    });
  return (
    <li class="row row-held">
      <span class="row-main">
        <button type="button" class="row-name" onClick={() => openFile(fileId)}>
          {filename}
        </button>
        <span class="row-note">
          {bytes(size)}, since {shortTime(createdAt)}
        </span>
      </span>
      <span class="row-buttons">
        <button type="button" class="button" onClick={() => decide('release')}>
          Release…
        </button>
        <button type="button" class="button danger" onClick={() => decide('reject')}>
          Reject…
        </button>
      </span>
    </li>
  );
}

function RefusedRow({ file }: { readonly file: ListedFile }) {
  const { fileId, filename, updatedAt } = file;
  return (
    <li class="row row-held">
      <span class="row-main">
        <button type="button" class="row-name" onClick={() => openFile(fileId)}>
          {filename}
        </button>
        <span class="row-note problem">{refusalWords(file)}</span>
      </span>
      <time class="row-time" dateTime={updatedAt}>
        {shortTime(updatedAt)}
      </time>
    </li>
  );
}
