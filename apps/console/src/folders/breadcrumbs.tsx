import { Fragment } from 'preact';
import { hashOf, place } from '../frame/place.js';
import { useWorkspace } from '../frame/workspace.js';
import { useLoaded } from '../ui/use-loaded.js';

const link = (folderId: string | null) => hashOf({ view: 'folder', folderId, fileId: undefined });

/** Where one is, as a heading, with the way up. */
export function Breadcrumbs() {
  const { tree } = useWorkspace();
  const { view, folderId } = place.value;
  const path = useLoaded(() => tree.pathTo(folderId), [folderId, tree.children.value]);
  if (view !== 'folder' || folderId === null) return <h1>{view === 'all' ? 'All files' : 'Root folder'}</h1>;
  const folders = path.state === 'ready' ? path.value : [];
  return (
    <h1 class="crumbs">
      <a href={link(null)}>Root</a>
      {folders.map(({ folderId: id, name }) => (
        <Fragment key={id}>
          <span aria-hidden="true">/</span>
          {id === folderId ? <span class="clip">{name}</span> : <a href={link(id)}>{name}</a>}
        </Fragment>
      ))}
    </h1>
  );
}
