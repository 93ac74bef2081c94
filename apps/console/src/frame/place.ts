import { computed, signal } from '@preact/signals';

/** Where one is: what the list shows, and the file whose details are open. */
export interface Place {
  readonly view: 'folder' | 'all' | 'quarantine';
  /** null: the root; only of the view `folder` */
  readonly folderId: string | null;
  readonly fileId: string | undefined;
}

/** The place is in the fragment of the address: it can be bookmarked, and the service never sees it. */
export function placeIn(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, id] = path.split('/');
  const fileId = new URLSearchParams(query).get('file') ?? undefined;
  if (view === 'all' || view === 'quarantine') return { view, folderId: null, fileId };
  if (view !== 'folder') return { view: 'folder', folderId: null, fileId };
  return { view: 'folder', folderId: id === undefined || id === '' ? null : decodeURIComponent(id), fileId };
}

export function hashOf({ view, folderId, fileId }: Place): string {
  const path = view === 'folder' ? `folder/${folderId === null ? '' : encodeURIComponent(folderId)}` : view;
  return `#/${path}${fileId === undefined ? '' : `?file=${encodeURIComponent(fileId)}`}`;
}

/** The current place, as the address says. */
export const place = signal<Place>(placeIn(''));

/** The address of what is listed: opening the details of a file does not change it. */
export const listed = computed(() => hashOf({ ...place.value, fileId: undefined }));

export function followAddress(): void {
  const read = () => (place.value = placeIn(location.hash));
  addEventListener('hashchange', read);
  read();
}

export const openFile = (fileId: string | undefined): void => go({ ...place.value, fileId });

export function go(to: Place): void {
  location.hash = hashOf(to);
}
