import { CustodyError } from '@custody/domain';
import { z } from 'zod';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** The query of every paged list. */
export const pageRequestSchema = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().max(8_192).optional(),
});
export type PageRequest = z.output<typeof pageRequestSchema>;

/** A page as a client sees it. `nextCursor` is opaque and null on the last page. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), hasMore: z.boolean() });

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

/** Rows after the cursor's position, of which one more than `limit` was asked for. `positionOf` says where a row stands. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => readonly string[],
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit;
  return {
    items: shown.map(view),
    nextCursor: hasMore && last !== undefined ? cursorAfter(positionOf(last)) : null,
    hasMore,
  };
}

/** Where the page begins; null for the first. Throws `validation-error` for a cursor that is none of this list's. */
export function positionIn<Position>(schema: z.ZodType<Position>, cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const position = schema.safeParse(decode(cursor));
  if (position.success) return position.data;
  const errors = [{ pointer: '/cursor', message: 'must be the nextCursor of a page of this list' }];
  throw new CustodyError('validation-error', undefined, { errors });
}

/** The cursor of the page after the row that stands there. */
export const cursorAfter = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
