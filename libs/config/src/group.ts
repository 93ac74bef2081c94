import { inspect } from 'node:util';
import type { z } from 'zod';
import type { ConfigurationIssue } from './configuration-error.js';
import { variableNotes } from './variable.js';

/** Environment as `process.env` gives it; an empty value counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Reading<T> = { ok: true; value: T } | { ok: false; issues: ConfigurationIssue[] };

/** Variables that belong together, and the frozen object made of them. */
export interface Group<T extends object> {
  readonly title: string;
  readonly variables: z.ZodRawShape;
  read(env: Environment): Reading<Readonly<T>>;
}

export function group<S extends z.ZodRawShape, T extends object>(
  title: string,
  schema: z.ZodObject<S>,
  form: (values: z.output<z.ZodObject<S>>) => T,
): Group<T> {
  const names = Object.keys(schema.shape);
  return {
    title,
    variables: schema.shape,
    read(env) {
      const given = Object.fromEntries(names.map((name) => [name, env[name]?.trim() || undefined]));
      const result = schema.safeParse(given);
      if (!result.success) return { ok: false, issues: result.error.issues.map((issue) => explain(issue, given)) };
      const secrets = names.filter((name) => isSecret(schema.shape, name)).map((name) => given[name]);
      return { ok: true, value: seal(form(result.data), secrets) };
    },
  };
}

function explain(issue: z.core.$ZodIssue, given: Environment): ConfigurationIssue {
  const name = String(issue.path[0] ?? '');
  return { name, value: given[name], problem: given[name] === undefined ? 'is required and not set' : issue.message };
}

const isSecret = (shape: z.ZodRawShape, name: string): boolean =>
  variableNotes.get(shape[name] as z.ZodType)?.secret === true;

/**
 * Freezes, and keeps secrets out of an accidental `JSON.stringify` or `console.log` of the object.
 * Reading a property still gives the value.
 */
function seal<T extends object>(value: T, secrets: readonly (string | undefined)[]): Readonly<T> {
  const isOneOf = (entry: unknown) => typeof entry === 'string' && entry !== '' && secrets.includes(entry);
  const masked = () =>
    Object.fromEntries(
      Object.entries(value as Record<string, unknown>).map(([key, entry]) => [
        key,
        isOneOf(entry) ? '[secret]' : entry,
      ]),
    );
  Object.defineProperty(value, 'toJSON', { value: masked });
  Object.defineProperty(value, inspect.custom, { value: masked });
  for (const entry of Object.values(value)) Object.freeze(entry);
  return Object.freeze(value);
}
