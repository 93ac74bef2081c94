const LONGEST_MS = 3_600_000;
/** IMF-fixdate (RFC 9110, 5.6.7); `Date.parse` alone would take almost anything. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Milliseconds to wait, by a `Retry-After` of seconds or of a date (RFC 9110, 10.2.3), at most an hour; null when there is none.
 * A date is read against the sender's own `Date`, so that our clocks need not agree.
 */
export function retryAfterMs(value: string | null, date: string | null): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  const wait = HTTP_DATE.test(text) ? Date.parse(text) - (Date.parse(date ?? '') || Date.now()) : Number.NaN;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_MS);
}
