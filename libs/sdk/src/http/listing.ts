/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

/** A list that is read as far as somebody asks: item by item (`for await`), or page by page. */
export class Listing<T> implements AsyncIterable<T> {
  constructor(private readonly read: (cursor: string | undefined) => Promise<Page<T>>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const { items } of this.pages()) yield* items;
  }

  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.read(cursor ?? undefined);
      yield page;
      cursor = page.hasMore ? page.nextCursor : null;
    } while (cursor !== null);
  }

  /** The first page, or the one behind `nextCursor` of another. */
  page(cursor?: string): Promise<Page<T>> {
    return this.read(cursor);
  }

  /** All items, where they are known to be few. */
  async all(): Promise<T[]> {
    const items: T[] = [];
    for await (const item of this) items.push(item);
    return items;
  }
}
