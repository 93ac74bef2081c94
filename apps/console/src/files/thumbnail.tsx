import { useEffect, useRef, useState } from 'preact/hooks';
import type { FileMetadata } from '@custody/sdk';
import { useWorkspace } from '../frame/workspace.js';
import { Icon, type IconName } from '../ui/icon.js';

/** URLs by version: they are good for longer than a page is looked at, and each one is in the audit log. */
const known = new Map<string, Promise<string | undefined>>();

/** The small picture of a file once it comes into view, else a sign of its kind. */
export function Thumbnail({
  file,
}: {
  readonly file: Pick<FileMetadata, 'fileId' | 'versionId' | 'mimeType' | 'thumbnails'>;
}) {
  const workspace = useWorkspace();
  const frame = useRef<HTMLSpanElement>(null);
  const [url, setUrl] = useState<string>();
  const has = file.thumbnails.includes(128) && workspace.may('files:export');
  useEffect(() => {
    if (!has || frame.current === null) return;
    const watcher = new IntersectionObserver(([seen]) => {
      if (seen?.isIntersecting !== true) return;
      watcher.disconnect();
      const asked = known.get(file.versionId) ?? read();
      known.set(file.versionId, asked);
      void asked.then(setUrl);
    });
    const read = () =>
      workspace.custody.files.thumbnailUrl(file.fileId, { size: 128 }).then(
        (answer) => answer.url,
        () => undefined,
      );
    watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, [has, file.versionId]);
  return (
    <span ref={frame} class="thumb">
      {url === undefined ? <Icon name={iconOf(file.mimeType)} /> : <img src={url} alt="" loading="lazy" />}
    </span>
  );
}

function iconOf(mimeType: string): IconName {
  if (mimeType.startsWith('image/')) return 'image';
  return mimeType.startsWith('video/') || mimeType.startsWith('audio/') ? 'film' : 'file';
}
