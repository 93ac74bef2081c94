import { z } from 'zod';

const MAX_CHARACTERS = 5_000;

/** PostgreSQL can hold neither NUL nor half a surrogate pair; anything else may be a name (S25). */
export const filenameSchema = z
  .string()
  .min(1, 'must not be empty')
  .refine((name) => Array.from(name).length <= MAX_CHARACTERS, `must not be longer than ${MAX_CHARACTERS} characters`)
  .refine((name) => !name.includes('\0'), 'must not contain NUL')
  .refine((name) => name.isWellFormed(), 'must be well-formed Unicode')
  .meta({ description: 'Kept as it is; never part of a key', maxLength: MAX_CHARACTERS, examples: ['report.pdf'] });
