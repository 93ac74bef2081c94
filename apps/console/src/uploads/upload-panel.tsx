import { useSignal, useSignalEffect } from '@preact/signals';
import { announce } from '../frame/announcer.js';
import { useWorkspace } from '../frame/workspace.js';
import { IconButton } from '../ui/icon-button.js';
import { bytes, count, duration } from '../words/amounts.js';
import { FileInput } from './file-input.js';
import { UploadRow } from './upload-row.js';

/** All uploads of this page, at the lower edge; it can be folded away while they go on. */
export function UploadPanel() {
  const { uploads } = useWorkspace();
  const folded = useSignal(false);
  useSignalEffect(() => announce(uploads.summary.value));
  const items = uploads.items.value;
  if (items.length === 0) return null;
  const { size, sent, isMoving } = uploads.totals.value;
  return (
    <section class="uploads" aria-label="Uploads">
      <header>
        <div class="uploads-title">
          <h2>{uploads.summary.value}</h2>
          <Rate />
        </div>
        {!isMoving && items.some((upload) => upload.isOver) && (
          <button type="button" class="link" onClick={() => uploads.clear()}>
            Clear
          </button>
        )}
        <span class={folded.value ? 'turned' : ''}>
          <IconButton
            icon="down"
            label={folded.value ? 'Show uploads' : 'Fold uploads'}
            expanded={!folded.value}
            onClick={() => (folded.value = !folded.value)}
          />
        </span>
      </header>
      {isMoving && <progress max={size} value={sent} aria-label="All uploads" />}
      {!folded.value && (
        <>
          <LostFiles />
          <ul>
            {items.map((upload) => (
              <UploadRow key={upload.key} upload={upload} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Rate() {
  const { uploads } = useWorkspace();
  const { isMoving, size, sent, perSecond } = uploads.totals.value;
  if (!isMoving) return null;
  return (
    <span class="hint">
      {bytes(sent)} of {bytes(size)}
      {perSecond > 0 && `, ${bytes(perSecond)}/s, ${duration((size - sent) / perSecond)} left`}
    </span>
  );
}

/** After a reload the browser wants to be shown the files again. */
function LostFiles() {
  const { uploads } = useWorkspace();
  const lost = uploads.items.value.filter((upload) => upload.state.value === 'lost');
  if (lost.length === 0) return null;
  return (
    <div class="lost">
      <p>
        {count(lost.length, 'upload')} began before this page was loaded anew. Choose the same{' '}
        {lost.length === 1 ? 'file' : 'files'} again to go on where it stopped.
      </p>
      <FileInput label="Choose again" onChosen={(chosen) => uploads.found(chosen)} />
    </div>
  );
}
