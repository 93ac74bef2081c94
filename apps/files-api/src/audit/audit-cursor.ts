import type { AuditOrder, AuditPosition } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { z } from 'zod';

/** The last moment with a year of four digits, in ms. */
const END_OF_TIME = 253_402_300_799_999;

const cursorSchema = z.tuple([z.enum(['asc', 'desc']), z.int().min(0).max(END_OF_TIME), z.int().min(0)]);

/** Opaque to clients. It says where a page ended, nothing that a token does not decide anew: it needs no signature. */
export function writeCursor(order: AuditOrder, { at, id }: AuditPosition): string {
  return Buffer.from(JSON.stringify([order, at.getTime(), id])).toString('base64url');
}

/** Null without a cursor. Throws `validation-error` for what we did not write under this order: going on there would repeat and skip. */
export function readCursor(cursor: string | undefined, order: AuditOrder): AuditPosition | null {
  if (cursor === undefined) return null;
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success && parsed.data[0] === order) return { at: new Date(parsed.data[1]), id: parsed.data[2] };
  const errors = [{ pointer: '/cursor', message: 'must be the nextCursor of a page under the same order' }];
  throw new CustodyError('validation-error', undefined, { errors });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not ours, like any other text the schema refuses.
    return undefined;
  }
}
