import { randomUUID } from 'node:crypto';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version 00, ids not all zero. */
const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Our own span in the caller's trace, or the first span of a new, unsampled trace when there is none. */
export function continueTrace(received: unknown): string {
  const [, traceId, flags] = (typeof received === 'string' && TRACE_PARENT.exec(received)) || [];
  return `00-${traceId ?? randomHex()}-${randomHex().slice(16)}-${flags ?? '00'}`;
}

/** 32 digits, of which 122 bits are random and not all are zero: Node keeps random bytes for UUIDs at hand, other calls ask the kernel. */
const randomHex = (): string => randomUUID().replaceAll('-', '');

/** The 32 hexadecimal digits that all spans of one trace share. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
