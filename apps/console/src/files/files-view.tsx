import { useSignalEffect } from '@preact/signals';
import { Breadcrumbs } from '../folders/breadcrumbs.js';
import { askForFolder } from '../folders/folder-actions.js';
import { attempt } from '../frame/attempt.js';
import { listed, place, placeIn } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { Icon } from '../ui/icon.js';
import { ProblemNote } from '../ui/problem-note.js';
import { UploadButtons } from '../uploads/upload-buttons.js';
import { FileRow } from './file-row.js';
import { FilterBar } from './filter-bar.js';
import { filtersSet, NO_FILTERS } from './filters.js';
import { FolderRow } from './folder-row.js';

export function FilesView() {
  const workspace = useWorkspace();
  const { list, tree, filters } = workspace;
  const { view, folderId } = place.value;
  useSignalEffect(() => {
    void list.show(placeIn(listed.value), filters.value);
  });
  useSignalEffect(() => {
    const { view: wanted, folderId: at } = placeIn(listed.value);
    if (wanted === 'folder') void attempt(() => tree.load(at));
  });
  return (
    <section class="files" aria-labelledby="place">
      <div class="bar">
        <div id="place" class="bar-title">
          <Breadcrumbs />
        </div>
        {view === 'folder' && workspace.may('files:write') && (
          <button type="button" class="button" onClick={() => askForFolder(workspace, folderId)}>
            <Icon name="newFolder" />
            New folder
          </button>
        )}
        <UploadButtons folderId={folderId} />
      </div>
      <FilterBar />
      <FileRows />
    </section>
  );
}

function FileRows() {
  const { list, tree, filters } = useWorkspace();
  const { view, folderId } = place.value;
  const narrowed = filtersSet(filters.value) > 0;
  const folders = view === 'folder' && !narrowed ? (tree.children.value.get(folderId) ?? []) : [];
  const { state, items, hasMore, loadingMore, problem } = list;
  if (state.value === 'failed') return <ProblemNote error={problem.value} onRetry={() => void list.reload()} />;
  const isEmpty = state.value === 'ready' && items.value.length === 0 && folders.length === 0;
  return (
    <>
      {isEmpty && <Nothing narrowed={narrowed} />}
      <ul class="rows" aria-label="Files" aria-busy={state.value === 'loading'}>
        {folders.map((folder) => (
          <FolderRow key={folder.folderId} folder={folder} />
        ))}
        {items.value.map((file) => (
          <FileRow key={file.fileId} file={file} />
        ))}
        {state.value === 'loading' && items.value.length === 0 && <Placeholders />}
      </ul>
      {hasMore.value && (
        <button
          type="button"
          class="button more"
          disabled={loadingMore.value}
          onClick={() => void attempt(() => list.loadMore())}
        >
          Load more
        </button>
      )}
    </>
  );
}

function Placeholders() {
  return (
    <>
      {[1, 2, 3, 4].map((row) => (
        <li key={row} class="row row-empty" aria-hidden="true" />
      ))}
    </>
  );
}

function Nothing({ narrowed }: { readonly narrowed: boolean }) {
  const { filters } = useWorkspace();
  if (narrowed)
    return (
      <div class="empty">
        <p>No file fits the search and filters.</p>
        <button type="button" class="button" onClick={() => (filters.value = NO_FILTERS)}>
          Show all
        </button>
      </div>
    );
  return (
    <div class="empty">
      <Icon name="upload" />
      <p>
        <strong>Nothing here yet.</strong> Drop files or whole folders anywhere on this page, paste a picture, or use
        Upload.
      </p>
      <p class="hint">Every file is scanned before anybody can open it.</p>
    </div>
  );
}
