import type { Folder } from '@custody/sdk';
import { useEffect } from 'preact/hooks';
import { attempt } from '../frame/attempt.js';
import { hashOf, place, type Place } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { Icon, type IconName } from '../ui/icon.js';

export function Sidebar({ open, onLeave }: { readonly open: boolean; readonly onLeave: () => void }) {
  const { tree, isAdmin } = useWorkspace();
  useEffect(() => void attempt(() => tree.load(null)), []);
  return (
    <nav class={`side ${open ? 'side-open' : ''}`} aria-label="Places" onClick={onLeave}>
      <ul>
        <PlaceLink view="all" icon="all" label="All files" />
        {isAdmin && <PlaceLink view="quarantine" icon="shield" label="Quarantine" />}
      </ul>
      <h2>Folders</h2>
      <ul>
        <PlaceLink view="folder" icon="folder" label="Root folder" />
        <Branches parentId={null} />
      </ul>
    </nav>
  );
}

function PlaceLink({
  view,
  icon,
  label,
}: {
  readonly view: Place['view'];
  readonly icon: IconName;
  readonly label: string;
}) {
  const isHere = place.value.view === view && place.value.folderId === null;
  return (
    <li>
      <a href={hashOf({ view, folderId: null, fileId: undefined })} aria-current={isHere ? 'page' : undefined}>
        <Icon name={icon} />
        {label}
      </a>
    </li>
  );
}

function Branches({ parentId }: { readonly parentId: string | null }) {
  const { tree } = useWorkspace();
  const folders = tree.children.value.get(parentId) ?? [];
  return (
    <>
      {folders.map((folder) => (
        <Branch key={folder.folderId} folder={folder} />
      ))}
    </>
  );
}

function Branch({ folder }: { readonly folder: Folder }) {
  const { tree } = useWorkspace();
  const { folderId, name } = folder;
  const isOpen = tree.expanded.value.has(folderId);
  const toggle = (event: Event) => {
    event.stopPropagation();
    void attempt(() => tree.toggle(folderId));
  };
  return (
    <li>
      <span class="branch">
        <button
          type="button"
          class={`twist ${isOpen ? 'twist-open' : ''}`}
          aria-expanded={isOpen}
          aria-label={`Folders in ${name}`}
          onClick={toggle}
        >
          <Icon name="chevron" />
        </button>
        <a
          href={hashOf({ view: 'folder', folderId, fileId: undefined })}
          aria-current={place.value.folderId === folderId ? 'page' : undefined}
        >
          <span class="clip">{name}</span>
        </a>
      </span>
      {isOpen && (
        <ul>
          <Branches parentId={folderId} />
        </ul>
      )}
    </li>
  );
}
