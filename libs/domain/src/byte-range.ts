/** What a `Range` header asks for of a representation of `size` bytes; both ends inclusive. */
export type RangeRequest =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE = { kind: 'whole' } as const;
const UNSATISFIABLE = { kind: 'unsatisfiable' } as const;
/** int-range or suffix-range (RFC 9110, 14.1.1). */
const RANGE_SPEC = /^(?:(\d+)-(\d*)|-(\d+))$/;

/**
 * Reads a `Range` header (RFC 9110, 14.2). One byte range is honoured. A unit we do not know, a set of several ranges
 * and anything malformed or inverted is ignored, as the RFC lets a server do: the whole is the answer.
 */
export function parseRange(header: string | undefined, size: number): RangeRequest {
  const set = /^bytes=(.*)$/is.exec(header ?? '')?.[1];
  if (set === undefined) return WHOLE;
  // A list may have empty elements (RFC 9110, 5.6.1).
  const specs = set.split(',').map((spec) => spec.trim());
  const [spec, ...others] = specs.filter((candidate) => candidate !== '');
  if (spec === undefined || others.length > 0) return WHOLE;
  const [matched, first, last, suffix] = RANGE_SPEC.exec(spec) ?? [];
  if (matched === undefined) return WHOLE;
  if (suffix !== undefined) return lastBytes(Number(suffix), size);
  return fromTo(Number(first), last === '' || last === undefined ? Infinity : Number(last), size);
}

/** A suffix longer than the representation is all of it; an empty one is none of it (RFC 9110, 14.1.2). */
function lastBytes(length: number, size: number): RangeRequest {
  if (length === 0 || size === 0) return UNSATISFIABLE;
  return { kind: 'part', start: Math.max(0, size - length), end: size - 1 };
}

function fromTo(start: number, end: number, size: number): RangeRequest {
  if (end < start) return WHOLE;
  if (start >= size) return UNSATISFIABLE;
  return { kind: 'part', start, end: Math.min(end, size - 1) };
}
