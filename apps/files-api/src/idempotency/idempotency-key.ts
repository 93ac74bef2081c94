import { CustodyError } from '@custody/domain';

/** A String of RFC 9651, 3.3.3: printable ASCII in quotes, `"` and `\` escaped. */
const STRING = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
/** What clients send in practice: the same without quotes, visible characters only. */
const BARE = /^[\x21\x23-\x7e][\x21-\x7e]*$/;
const MAX_CHARACTERS = 255;

/**
 * The key of an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07, 2.1); with and without quotes it is the same
 * key. Throws `validation-error` for anything else, a header sent twice included.
 */
export function keyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === 'string' ? header.trim() : '';
  const key = STRING.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? (BARE.test(text) ? text : '');
  if (key !== '' && key.length <= MAX_CHARACTERS) return key;
  const errors = [
    { pointer: 'Idempotency-Key', message: `must be 1 to ${MAX_CHARACTERS} visible characters, in quotes or without` },
  ];
  throw new CustodyError('validation-error', undefined, { errors });
}
