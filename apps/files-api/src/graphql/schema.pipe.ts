import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { validated } from '../requests/validation.js';

/**
 * Validates an argument, or all of them, with the schema REST validates with. GraphQL has one null for "none" and "not said": where the
 * schema takes no null, null counts as absent.
 */
export class SchemaPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  private readonly refusesNull: ReadonlySet<string>;

  constructor(private readonly schema: S) {
    const members = Object.entries(shapeOf(schema)).filter(([, member]) => !member.safeParse(null).success);
    this.refusesNull = new Set(members.map(([name]) => name));
  }

  transform(value: unknown): z.output<S> {
    return validated(this.schema, this.withoutNulls(value));
  }

  private withoutNulls(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value ?? undefined;
    return Object.fromEntries(
      Object.entries(value).filter(([name, member]) => member !== null || !this.refusesNull.has(name)),
    );
  }
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodDefault) return shapeOf(schema.unwrap() as z.ZodType);
  return {};
}
