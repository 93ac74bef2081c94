import { openFile } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { IconButton } from '../ui/icon-button.js';
import { bytes } from '../words/amounts.js';
import type { Upload, UploadState } from './upload.js';

const WORDS: Readonly<Record<UploadState, string>> = {
  queued: 'Waiting for its turn',
  uploading: 'Uploading',
  paused: 'Paused',
  waiting: 'Waiting for the connection',
  checking: 'Being scanned',
  available: 'Available',
  refused: 'Refused',
  failed: 'Failed',
  lost: 'Interrupted',
};
const TONES: Partial<Record<UploadState, string>> = { available: 'good', refused: 'bad', failed: 'bad', lost: 'wait' };

export function UploadRow({ upload }: { readonly upload: Upload }) {
  const { name, size, state, sent, problem, fileId } = upload;
  const now = state.value;
  const isSending = now === 'uploading' || now === 'paused' || now === 'waiting';
  return (
    <li class="upload" data-state={now}>
      <span class="upload-main">
        {fileId.value !== undefined && now === 'available' ? (
          <button type="button" class="row-name" onClick={() => openFile(fileId.peek())}>
            {name}
          </button>
        ) : (
          <span class="row-name">{name}</span>
        )}
        <span class={`upload-state tone-${TONES[now] ?? 'plain'}`}>
          {WORDS[now]}
          {isSending && ` · ${bytes(sent.value)} of ${bytes(size)}`}
        </span>
        {problem.value !== '' && <span class="problem">{problem.value}</span>}
        {isSending && <progress max={size} value={sent.value} aria-label={`Progress of ${name}`} />}
      </span>
      <Controls upload={upload} />
    </li>
  );
}

function Controls({ upload }: { readonly upload: Upload }) {
  const { uploads } = useWorkspace();
  const { name, state } = upload;
  const now = state.value;
  return (
    <span class="upload-controls">
      {(now === 'uploading' || now === 'waiting') && (
        <IconButton icon="pause" label={`Pause ${name}`} onClick={() => uploads.pause(upload)} />
      )}
      {now === 'paused' && <IconButton icon="play" label={`Resume ${name}`} onClick={() => uploads.resume(upload)} />}
      {now === 'lost' && uploads.canReopen(upload) && (
        <IconButton icon="play" label={`Resume ${name}`} onClick={() => void uploads.reopen(upload)} />
      )}
      {now === 'failed' && (
        <IconButton icon="retry" label={`Try ${name} again`} onClick={() => uploads.retry(upload)} />
      )}
      {!upload.isOver && now !== 'checking' && (
        <IconButton icon="close" label={`Cancel ${name}`} onClick={() => void uploads.cancel(upload)} />
      )}
      {(upload.isOver || now === 'checking') && (
        <IconButton icon="close" label={`Remove ${name} from the list`} onClick={() => uploads.remove(upload)} />
      )}
    </span>
  );
}
