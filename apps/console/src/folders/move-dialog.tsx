import type { Folder } from '@custody/sdk';
import { useState } from 'preact/hooks';
import { problemWords } from '../words/problems.js';
import { useWorkspace } from '../frame/workspace.js';
import { closeDialog } from '../ui/dialogs.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { useLoaded } from '../ui/use-loaded.js';

/** Walks the tree to a folder and moves something there. */
export function MoveDialog({
  name,
  from,
  onMove,
}: {
  readonly name: string;
  readonly from: string | null;
  readonly onMove: (folderId: string | null) => Promise<unknown>;
}) {
  const { tree } = useWorkspace();
  const [at, setAt] = useState<string | null>(from);
  const [problem, setProblem] = useState('');
  const path = useLoaded(() => tree.pathTo(at), [at]);
  const inside = useLoaded(() => tree.load(at), [at]);
  const above = path.state === 'ready' ? path.value : [];
  const folders: readonly Folder[] = inside.state === 'ready' ? (tree.children.value.get(at) ?? []) : [];
  const move = () => {
    onMove(at).then(closeDialog, (error: unknown) => setProblem(problemWords(error)));
  };
  return (
    <Dialog title={`Move ${name}`} onClose={closeDialog}>
      <p>
        Into: <strong>{above.at(-1)?.name ?? 'Root folder'}</strong>
      </p>
      <ul class="picker">
        {at !== null && (
          <li>
            <button type="button" onClick={() => setAt(above.at(-2)?.folderId ?? null)}>
              <Icon name="folder" />
              .. one up
            </button>
          </li>
        )}
        {folders.map(({ folderId, name: folder }) => (
          <li key={folderId}>
            <button type="button" onClick={() => setAt(folderId)}>
              <Icon name="folder" />
              {folder}
            </button>
          </li>
        ))}
        {folders.length === 0 && <li class="hint">No folders in here.</li>}
      </ul>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <footer>
        <button type="button" class="button" onClick={closeDialog}>
          Cancel
        </button>
        <button type="button" class="button primary" disabled={at === from} onClick={move}>
          Move here
        </button>
      </footer>
    </Dialog>
  );
}
