import { z } from 'zod';
import { cursorAfter as cursorAt } from '../requests/page.js';

/** Where a row made at a time stands in a list by time. */
export const positionSchema = z.tuple([z.iso.datetime(), z.guid()]).transform(([at, id]) => ({ at: new Date(at), id }));

export function positionOf({ createdAt, id }: { readonly createdAt: Date; readonly id: string }): readonly string[] {
  return [createdAt.toISOString(), id];
}

/** The cursor of the page after a row as it is shown. */
export function cursorAfter({ createdAt, id }: { readonly createdAt: string; readonly id: string }): string {
  return cursorAt([createdAt, id]);
}
