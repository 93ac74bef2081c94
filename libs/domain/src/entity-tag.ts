/** One entity tag (RFC 9110, 8.8.3). */
const ENTITY_TAG = /(W\/)?"[\x21\x23-\x7e\x80-\u00ff]*"/g;

/** Whether `If-None-Match` names the representation: weak comparison, `*` names any (RFC 9110, 13.1.2). */
export function matchesAny(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return (ifNoneMatch.match(ENTITY_TAG) ?? []).some((tag) => tag.replace(/^W\//, '') === entityTag);
}

/**
 * Whether a `Range` may be honoured under `If-Range`: strong comparison (RFC 9110, 13.1.5). A date never matches, since
 * we send no `Last-Modified` it could come from.
 */
export function allowsRange(ifRange: string | undefined, entityTag: string): boolean {
  return ifRange === undefined || ifRange.trim() === entityTag;
}

/**
 * The opaque values that `If-Match` lets pass by strong comparison, under which a weak tag names nothing (RFC 9110, 13.1.1); null:
 * whatever is there, since the header is absent or `*`.
 */
export function strongTags(ifMatch: string | undefined): string[] | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  return (ifMatch.match(ENTITY_TAG) ?? []).filter((tag) => !tag.startsWith('W/')).map((tag) => tag.slice(1, -1));
}
