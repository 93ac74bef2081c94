import { z } from 'zod';

/** Where a row made at a time stands in a list by time. */
export const positionSchema = z.tuple([z.iso.datetime(), z.guid()]).transform(([at, id]) => ({ at: new Date(at), id }));

export function positionOf({ createdAt, id }: { readonly createdAt: Date; readonly id: string }): readonly string[] {
  return [createdAt.toISOString(), id];
}
