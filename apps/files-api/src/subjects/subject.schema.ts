import { SUBJECT_ID_MAX, SUBJECT_TYPE, type Subject } from '@custody/domain';
import { z } from 'zod';

const type = z
  .string()
  .regex(SUBJECT_TYPE)
  .meta({ description: 'A word of the service that owns the subject', examples: ['case', 'work-order'] });
const id = z
  .string()
  .min(1)
  .max(SUBJECT_ID_MAX)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without NUL')
  .meta({ description: 'Whatever that service calls it', examples: ['2026-000017'] });

export const subjectSchema = z.object({ type, id });

/** The same as parts of a path. */
export const subjectPathSchema = z
  .object({ type, subjectId: id })
  .transform(({ subjectId, ...rest }) => ({ ...rest, id: subjectId }));

/** The same as one text, `type:id`; an id may have colons of its own. */
export const subjectTextSchema = z
  .string()
  .refine((text) => subjectSchema.safeParse(subjectOf(text)).success, 'must be type:id of a subject')
  .transform(subjectOf)
  .meta({ description: 'Linked to this subject, `type:id`', examples: ['case:A-1'] });

function subjectOf(text: string): Subject {
  const [first = ''] = text.split(':', 1);
  return { type: first, id: text.slice(first.length + 1) };
}
