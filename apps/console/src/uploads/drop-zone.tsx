import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { place } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { Icon } from '../ui/icon.js';
import { dropped, pasted } from './chosen.js';

const hasFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') === true;

/** The whole page takes files: dropped anywhere, or pasted where nobody is typing. */
export function DropZone() {
  const workspace = useWorkspace();
  const { uploads } = workspace;
  const over = useSignal(false);
  useEffect(() => {
    if (!workspace.may('files:write')) return undefined;
    const listening = new AbortController();
    const listen = <K extends keyof WindowEventMap>(name: K, act: (event: WindowEventMap[K]) => void) =>
      addEventListener(name, act, { signal: listening.signal });
    listen('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      over.value = true;
    });
    listen('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) over.value = false;
    });
    listen('drop', (event) => {
      over.value = false;
      if (event.dataTransfer === null || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      const files = dropped(event.dataTransfer);
      void attempt(async () => uploads.add(await files, place.value.folderId));
    });
    listen('paste', ({ clipboardData }) => {
      if (clipboardData === null || clipboardData.files.length === 0) return;
      void attempt(() => uploads.add(pasted(clipboardData.files), place.value.folderId));
    });
    return () => listening.abort();
  }, []);
  if (!over.value) return null;
  return (
    <div class="drop-zone">
      <p>
        <Icon name="upload" />
        Drop to upload
      </p>
    </div>
  );
}
