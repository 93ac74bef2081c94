import type { Bucket, FileQuery, FileStatus } from '@custody/sdk';
import type { Place } from '../frame/place.js';

/** What narrows a list; empty texts narrow nothing. */
export interface Filters {
  readonly name: string;
  readonly mimeType: string;
  readonly status: FileStatus | '';
  readonly bucket: Bucket | '';
  /** `YYYY-MM-DD`, inclusive, in the time zone of the browser */
  readonly from: string;
  readonly to: string;
}

export const NO_FILTERS: Filters = { name: '', mimeType: '', status: '', bucket: '', from: '', to: '' };

export const filtersSet = (filters: Filters): number => Object.values(filters).filter((value) => value !== '').length;

/** The query of a place under filters; the last day counts whole. */
export function queryOf(place: Place, { name, mimeType, status, bucket, from, to }: Filters): FileQuery {
  return {
    limit: 50,
    ...(place.view === 'folder' ? { folder: place.folderId ?? 'root' } : {}),
    ...(name === '' ? {} : { name }),
    ...(mimeType === '' ? {} : { mimeType }),
    ...(status === '' ? {} : { status }),
    ...(bucket === '' ? {} : { bucket }),
    ...(from === '' ? {} : { createdFrom: startOf(from, 0) }),
    ...(to === '' ? {} : { createdTo: startOf(to, 1) }),
  };
}

function startOf(day: string, later: number): string {
  const time = new Date(`${day}T00:00:00`);
  time.setDate(time.getDate() + later);
  return time.toISOString();
}

/** Whether a file that has just appeared belongs into the list. */
export function belongs(
  file: {
    readonly folderId: string | null;
    readonly filename: string;
    readonly mimeType: string;
    readonly status: string;
    readonly bucket: string;
  },
  place: Place,
  filters: Filters,
): boolean {
  const { name, mimeType, status, bucket, from, to } = filters;
  if (place.view === 'quarantine' || from !== '' || to !== '') return false;
  if (place.view === 'folder' && file.folderId !== place.folderId) return false;
  return (
    file.filename.toLowerCase().startsWith(name.toLowerCase()) &&
    (mimeType === '' || file.mimeType === mimeType) &&
    (status === '' || file.status === status) &&
    (bucket === '' || file.bucket === bucket)
  );
}
