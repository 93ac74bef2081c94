import { useRef } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { useWorkspace } from '../frame/workspace.js';
import { selected } from './chosen.js';
import { FileInput } from './file-input.js';

export function UploadButtons({ folderId }: { readonly folderId: string | null }) {
  const { uploads, may } = useUploading();
  const input = useRef<HTMLInputElement>(null);
  if (!may) return null;
  return (
    <>
      <button type="button" class="button only-wide" onClick={() => input.current?.click()}>
        Upload folder
      </button>
      <input
        ref={input}
        type="file"
        hidden
        {...{ webkitdirectory: true }}
        aria-label="Upload folder"
        onChange={({ currentTarget }) => {
          void attempt(() => uploads.add(selected(currentTarget.files), folderId));
          currentTarget.value = '';
        }}
      />
      <FileInput primary label="Upload" onChosen={(chosen) => void attempt(() => uploads.add(chosen, folderId))} />
    </>
  );
}

function useUploading() {
  const workspace = useWorkspace();
  return { uploads: workspace.uploads, may: workspace.may('files:write') };
}
