import pg from 'pg';

/** int8 as a number: sizes end at 5 TiB, far below 2^53. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
};

const names = new Map<string, string>();
export function keyOf(column: string): string {
  let name = names.get(column);
  if (name === undefined) {
    name = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    names.set(column, name);
  }
  return name;
}

/** A row with its columns in camelCase; bigints that Prisma hands over become numbers. */
export function toRecord<Row>(row: Record<string, unknown>): Row {
  const record: Record<string, unknown> = {};
  for (const column in row) {
    const value = row[column];
    record[keyOf(column)] = typeof value === 'bigint' ? Number(value) : value;
  }
  return record as Row;
}
