import { CustodyError, type FieldProblem } from '@custody/domain';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';

type Issue = Parameters<
  NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory'] & object
>[0][number];

/** RFC 6901: `~` and `/` inside a name are escaped; the body itself is the empty pointer. */
function pointerOf(path: Issue['path']): string {
  const names = (path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function refusal(issues: readonly Issue[]): CustodyError {
  const errors: FieldProblem[] = issues.map(({ path, message }) => ({ pointer: pointerOf(path), message }));
  return new CustodyError('validation-error', undefined, { errors });
}

/** Validates what a handler declares with `{ schema }` and reports every problem at once. Unknown members are dropped (S31). */
export const validationPipe = new StandardSchemaValidationPipe({ exceptionFactory: refusal });

/** The same for values that do not come through a handler's parameter. */
export function validated<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw refusal(result.error.issues);
  return result.data;
}
