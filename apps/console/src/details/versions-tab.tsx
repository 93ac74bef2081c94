import type { FileMetadata, FileVersion } from '@custody/sdk';
import { downloadFile } from '../files/file-actions.js';
import { attempt } from '../frame/attempt.js';
import { say } from '../frame/toasts.js';
import { useWorkspace } from '../frame/workspace.js';
import { Menu } from '../ui/menu.js';
import { ProblemNote } from '../ui/problem-note.js';
import { StatusBadge } from '../ui/status-badge.js';
import { useLoaded } from '../ui/use-loaded.js';
import { FileInput } from '../uploads/file-input.js';
import { bytes } from '../words/amounts.js';
import { personName } from '../words/people.js';
import { exactTime } from '../words/times.js';

export function VersionsTab({ file }: { readonly file: FileMetadata }) {
  const workspace = useWorkspace();
  const { custody, uploads } = workspace;
  const versions = useLoaded(
    async (signal) => (await custody.versions.list(file.fileId, { limit: 50, signal }).page()).items,
    [file.fileId, file.versionId, file.updatedAt],
  );
  if (versions.state === 'failed') return <ProblemNote error={versions.error} onRetry={versions.reload} />;
  return (
    <>
      {workspace.may('files:write') && (
        <FileInput
          label="Upload a new version"
          onChosen={([chosen]) => chosen && uploads.addVersion(chosen, file.fileId)}
        />
      )}
      <ol class="entries" aria-busy={versions.state === 'loading'}>
        {versions.state === 'ready' &&
          versions.value.map((version) => (
            <Version key={version.versionId} file={file} version={version} onRestored={versions.reload} />
          ))}
      </ol>
    </>
  );
}

function Version({
  file: { fileId },
  version,
  onRestored,
}: {
  readonly file: FileMetadata;
  readonly version: FileVersion;
  readonly onRestored: () => void;
}) {
  const workspace = useWorkspace();
  const { versionId, current, status, size, createdAt, uploadedBy } = version;
  const restore = async () => {
    await workspace.custody.versions.restore(fileId, versionId);
    workspace.live.gather(fileId);
    say('The older version speaks for the file again.');
    onRestored();
  };
  const isReadable = status === 'available';
  return (
    <li>
      <span class="entry-main">
        <strong>{exactTime(createdAt)}</strong>
        <span class="hint">
          {bytes(size)}, {personName(uploadedBy, workspace.session.who.value)}
        </span>
      </span>
      {current ? <span class="badge badge-good">Current</span> : <StatusBadge of={version} />}
      <Menu
        label={`Actions for the version of ${exactTime(createdAt)}`}
        icon="more"
        items={[
          {
            label: 'Restore',
            disabled: current || !isReadable || !workspace.may('files:write'),
            onSelect: () => void attempt(restore),
          },
          {
            label: 'Download',
            disabled: !isReadable || !workspace.may('files:export'),
            onSelect: () => void attempt(() => downloadFile(workspace, fileId, versionId)),
          },
        ]}
      />
    </li>
  );
}
