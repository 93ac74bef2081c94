import type { FileOrder, FilePosition } from '@custody/data';
import { isUuid, type FileId } from '@custody/domain';
import { z } from 'zod';

/** The last moment with a year of four digits, in ms: more than this PostgreSQL and ISO 8601 would have to negotiate. */
const END_OF_TIME = 253_402_300_799_999;

const cursorSchema = z.tuple([
  z.enum(['createdAt', 'updatedAt']),
  z.enum(['asc', 'desc']),
  z.int().min(0).max(END_OF_TIME),
  z.string().refine((id): id is FileId => isUuid(id)),
]);

/** Opaque to clients. It says where a page ended, nothing that a token does not decide anew: it needs no signature. */
export function writeCursor({ sort, order }: FileOrder, { at, fileId }: FilePosition): string {
  return Buffer.from(JSON.stringify([sort, order, at.getTime(), fileId])).toString('base64url');
}

/** Null for what we did not write, and for a cursor of another order: going on there would repeat and skip files. */
export function readCursor(cursor: string, { sort, order }: FileOrder): FilePosition | null {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) return null;
  const [cursorSort, cursorOrder, at, fileId] = parsed.data;
  return cursorSort === sort && cursorOrder === order ? { at: new Date(at), fileId } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not ours, like any other text the schema refuses.
    return undefined;
  }
}
