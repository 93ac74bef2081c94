import { randomBytes } from 'node:crypto';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version 00, ids not all zero. */
const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Our own span in the caller's trace, or the first span of a new, unsampled trace when there is none. */
export function continueTrace(received: unknown): string {
  const [, traceId, flags] = (typeof received === 'string' && TRACE_PARENT.exec(received)) || [];
  return `00-${traceId ?? randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${flags ?? '00'}`;
}

/** The 32 hexadecimal digits that all spans of one trace share. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
