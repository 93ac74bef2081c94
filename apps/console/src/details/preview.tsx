import type { FileMetadata } from '@custody/sdk';
import { useEffect, useState } from 'preact/hooks';
import { useWorkspace } from '../frame/workspace.js';
import { useLoaded } from '../ui/use-loaded.js';
import { bytes } from '../words/amounts.js';
import { problemWords } from '../words/problems.js';
import { previewKind } from './preview-kind.js';

const TEXT_MOST = 256 * 1024;

/** The file to look at: elements read the content door through the service worker, which adds the token. */
export function Preview({ file }: { readonly file: FileMetadata }) {
  const kind = previewKind(file);
  const { streams } = useWorkspace();
  if (kind === 'pdf') return <PdfPreview file={file} />;
  if (kind === 'text') return <TextPreview file={file} />;
  if (kind === 'none') return null;
  if (!streams.value) return <p class="hint">This browser cannot show it here. Download it instead.</p>;
  return <Element file={file} kind={kind} />;
}

function Element({ file, kind }: { readonly file: FileMetadata; readonly kind: 'image' | 'video' | 'audio' }) {
  const [failed, setFailed] = useState(false);
  const { session } = useWorkspace();
  // The version is in the address, so that a new one is read anew.
  const src = `${session.settings.apiUrl}/v1/files/${file.fileId}/content?versionId=${file.versionId}`;
  const onError = () => setFailed(true);
  if (failed) return <p class="hint">This browser cannot show it. Download it instead.</p>;
  if (kind === 'image') {
    const size = file.width === null || file.height === null ? {} : { width: file.width, height: file.height };
    return <img class="preview" src={src} alt={`Preview of ${file.filename}`} {...size} onError={onError} />;
  }
  if (kind === 'audio') return <audio class="preview" src={src} controls preload="metadata" onError={onError} />;
  return <video class="preview" src={src} controls preload="metadata" onError={onError} />;
}

function PdfPreview({ file }: { readonly file: FileMetadata }) {
  const { custody } = useWorkspace();
  const [url, setUrl] = useState<string>();
  const loaded = useLoaded(
    async (signal) => {
      const pdf = await custody.files.download(file.fileId, { signal, versionId: file.versionId });
      return new Blob([await pdf.bytes()], { type: 'application/pdf' });
    },
    [file.versionId],
  );
  useEffect(() => {
    if (loaded.state !== 'ready') return undefined;
    const made = URL.createObjectURL(loaded.value);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [loaded.state]);
  if (loaded.state === 'failed') return <p class="hint">{problemWords(loaded.error)}</p>;
  if (url === undefined) return <div class="preview preview-page" aria-busy="true" />;
  return <iframe class="preview preview-page" src={url} title={`Preview of ${file.filename}`} />;
}

function TextPreview({ file }: { readonly file: FileMetadata }) {
  const { custody } = useWorkspace();
  const { fileId, versionId, size } = file;
  const loaded = useLoaded(
    async (signal) => {
      const range = size > TEXT_MOST ? { to: TEXT_MOST - 1 } : {};
      const part = await custody.files.download(fileId, { signal, versionId, ...range });
      return new TextDecoder().decode(await part.bytes());
    },
    [versionId],
  );
  if (loaded.state === 'failed') return <p class="hint">{problemWords(loaded.error)}</p>;
  return (
    <>
      <pre
        class="preview preview-text"
        tabIndex={0}
        aria-label={`Text of ${file.filename}`}
        aria-busy={loaded.state === 'loading'}
      >
        {loaded.state === 'ready' ? loaded.value : ''}
      </pre>
      {size > TEXT_MOST && <p class="hint">The first {bytes(TEXT_MOST)} of it.</p>}
    </>
  );
}
