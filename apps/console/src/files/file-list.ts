import { signal } from '@preact/signals';
import type { Custody, ListedFile, Page } from '@custody/sdk';
import { hashOf, type Place } from '../frame/place.js';
import { belongs, type Filters, NO_FILTERS, queryOf } from './filters.js';

export type ListState = 'loading' | 'ready' | 'failed';

/** The files of a place, page by page, kept fresh by events. */
export class FileList {
  readonly items = signal<readonly ListedFile[]>([]);
  readonly state = signal<ListState>('loading');
  readonly problem = signal<unknown>(undefined);
  readonly hasMore = signal(false);
  readonly loadingMore = signal(false);
  private place: Place = { view: 'folder', folderId: null, fileId: undefined };
  private filters: Filters = NO_FILTERS;
  private cursor: string | undefined;
  private reading = new AbortController();

  constructor(private readonly custody: Custody) {}

  /** Shows another place, or the same under other filters. */
  async show(place: Place, filters: Filters): Promise<void> {
    // Under other filters the old rows stay until the new ones are there, so that nothing jumps.
    if (hashOf(place) !== hashOf(this.place)) this.items.value = [];
    this.place = place;
    this.filters = filters;
    this.state.value = 'loading';
    await this.reload();
  }

  /** The first page anew, without taking away what is shown. */
  async reload(): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal: current } = this.reading;
    try {
      const page = await this.read(undefined, current);
      if (current.aborted) return;
      this.items.value = page.items;
      this.keep(page);
      this.state.value = 'ready';
    } catch (error) {
      if (current.aborted) return;
      this.problem.value = error;
      this.state.value = 'failed';
    }
  }

  async loadMore(): Promise<void> {
    if (this.loadingMore.value || !this.hasMore.value) return;
    this.loadingMore.value = true;
    const { signal: current } = this.reading;
    try {
      const page = await this.read(this.cursor, current);
      if (current.aborted) return;
      const known = new Set(this.items.value.map(({ fileId }) => fileId));
      this.items.value = [...this.items.value, ...page.items.filter(({ fileId }) => !known.has(fileId))];
      this.keep(page);
    } finally {
      this.loadingMore.value = false;
    }
  }

  /** A file as it is now: replaced where it stands, put in front when it is new here, taken out when it is here no more. */
  put(file: ListedFile): void {
    const isHere = this.items.value.some(({ fileId }) => fileId === file.fileId);
    if (!belongs(file, this.place, this.filters)) {
      // Under a filter by date nothing new is put in, and nothing that was there goes but by its folder.
      if (isHere && this.place.view === 'folder' && file.folderId !== this.place.folderId) this.remove(file.fileId);
      else if (isHere) this.replace(file);
    } else if (isHere) this.replace(file);
    else this.items.value = [file, ...this.items.value];
  }

  remove(fileId: string): void {
    this.items.value = this.items.value.filter((item) => item.fileId !== fileId);
  }

  private replace(file: ListedFile): void {
    this.items.value = this.items.value.map((item) => (item.fileId === file.fileId ? file : item));
  }

  private read(cursor: string | undefined, abort: AbortSignal): Promise<Page<ListedFile>> {
    return this.custody.files.list({ ...queryOf(this.place, this.filters), signal: abort }).page(cursor);
  }

  private keep({ hasMore, nextCursor }: Page<ListedFile>): void {
    this.hasMore.value = hasMore;
    this.cursor = nextCursor ?? undefined;
  }
}
