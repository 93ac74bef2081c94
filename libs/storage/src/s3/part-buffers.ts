/** The two of one body and those that a process lends beside them: what one large upload uses. */
const MOST_KEPT = 10;
const KEPT_FOR_MS = 10_000;

const kept = new Set<Buffer>();
let forgetting: NodeJS.Timeout | undefined;

/**
 * A buffer of `bytes` bytes with anything in it. V8 counts megabytes outside its heap as a reason to collect all of it: new buffers
 * for each body had it stop the process for tens of milliseconds, twice in 64 MiB.
 */
export function takePartBuffer(bytes: number): Buffer {
  for (const buffer of kept) {
    if (buffer.length !== bytes) continue;
    kept.delete(buffer);
    return buffer;
  }
  return Buffer.allocUnsafeSlow(bytes);
}

/** For the next body. Only a buffer that nothing reads or writes any more; after some seconds without bodies all are let go. */
export function keepPartBuffer(buffer: Buffer): void {
  if (kept.size < MOST_KEPT) kept.add(buffer);
  forgetting ??= setTimeout(() => kept.clear(), KEPT_FOR_MS).unref();
  forgetting.refresh();
}
