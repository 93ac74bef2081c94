import { z } from 'zod';

/** What the documentation and an error message say about one variable. */
export interface VariableNotes {
  readonly description: string;
  /** Seconds, bytes, …; absent for text. */
  readonly unit?: string;
  /** A value that would be accepted; shown when the given one is not. */
  readonly example: string;
  /** The value never appears in a message, a log record or the documentation. */
  readonly secret?: boolean;
  /** As written in the environment; absent means required, unless `optional`. */
  readonly default?: string;
  readonly optional?: boolean;
}

/** Notes by schema: the one place that knows both the rule and the words for a variable. */
export const variableNotes = z.registry<VariableNotes>();

type Noted = Omit<VariableNotes, 'default' | 'optional'>;
type NumberNotes = Omit<Noted, 'example'> & { default: number; min: number; max?: number };

const note = <S extends z.ZodType>(schema: S, notes: VariableNotes): S => {
  variableNotes.add(schema, notes);
  return schema;
};

const withNumber = (digits: RegExp, kind: string, given: NumberNotes) => {
  const { min, max = Number.MAX_SAFE_INTEGER, default: fallback, ...notes } = given;
  const top = given.max === undefined ? '' : ` and at most ${given.max}`;
  const schema = z
    .string()
    .regex(digits, `must be a ${kind} of at least ${min}${top}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
    .prefault(String(fallback));
  return note(schema, { ...notes, example: String(fallback), default: String(fallback) });
};

export const wholeNumber = (given: NumberNotes) => withNumber(/^\d{1,16}$/, 'whole number', given);
export const decimalNumber = (given: NumberNotes) => withNumber(/^\d{1,12}(\.\d{1,12})?$/, 'number', given);

export const text = (notes: Noted, rule: z.ZodType<string, string> = z.string()) => note(rule.clone(), notes);

export const textOr = (fallback: string, notes: Omit<Noted, 'example'>, rule: z.ZodType<string, string> = z.string()) =>
  note(rule.prefault(fallback), { ...notes, example: fallback, default: fallback });

export const optionalText = (notes: Noted, rule: z.ZodType<string, string> = z.string()) =>
  note(rule.optional(), { ...notes, optional: true });

export const choice = <const O extends readonly [string, ...string[]]>(
  options: O,
  fallback: O[number],
  notes: Omit<Noted, 'example'>,
) =>
  note(z.enum(options, `must be one of ${options.join(', ')}`).prefault(fallback), {
    ...notes,
    example: fallback,
    default: fallback,
  });

export const yesOrNo = (fallback: boolean, notes: Omit<Noted, 'example'>) =>
  note(
    z
      .enum(['true', 'false'], 'must be true or false')
      .transform((word) => word === 'true')
      .prefault(fallback ? 'true' : 'false'),
    { ...notes, example: String(fallback), default: String(fallback) },
  );
