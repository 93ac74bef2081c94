/** Bytes `start` (inclusive) to `end` (exclusive) of a file. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface WindowLimits {
  /** What the engine takes at a time. */
  readonly maxStreamBytes: number;
  readonly windowBytes: number;
  readonly windowOverlapBytes: number;
}

/**
 * The window that comes after `scanned` bytes were covered by windows before it. It begins before them by the overlap, so that
 * whatever is no longer than the overlap lies whole in some window (S12). A quarter is the most that is read twice.
 */
export function windowAfter(scanned: number, size: number, limits: WindowLimits): Window {
  const length = Math.min(limits.windowBytes, limits.maxStreamBytes);
  const overlap = Math.min(limits.windowOverlapBytes, Math.floor(length / 4));
  const start = Math.max(0, scanned - overlap);
  return { start, end: Math.min(start + length, size) };
}
