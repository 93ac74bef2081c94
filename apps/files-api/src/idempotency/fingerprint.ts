import { createHash } from 'node:crypto';
import { CustodyError } from '@custody/domain';

/** More than any door accepts; it is here because this looks at a body before its schema does. */
const MAX_DEPTH = 64;

/** SHA-256 of what a request asks: the same whatever the order of members and the white space. Throws `validation-error` for a too deep body. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, ordered(body)]))
    .digest('base64url');
}

/** The value with the members of its objects sorted. */
function ordered(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return value.toISOString();
  if (depth > MAX_DEPTH) {
    const errors = [{ pointer: '', message: `must not be nested deeper than ${MAX_DEPTH} levels` }];
    throw new CustodyError('validation-error', undefined, { errors });
  }
  if (Array.isArray(value)) return value.map((entry) => ordered(entry, depth + 1));
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  // As pairs: an object would put names that look like numbers first, and take `__proto__` for its own.
  return { members: members.map(([name, member]) => [name, ordered(member, depth + 1)]) };
}
