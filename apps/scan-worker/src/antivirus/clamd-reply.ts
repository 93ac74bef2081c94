import type { ScanVerdict } from './virus-scanner.js';

/** clamd(8) skips inputs of this many bytes and fewer, and answers OK. */
const SKIPPED_BYTES = 5;

const FOUND = /^stream: (\S(?:.*\S)?) FOUND$/;
const ERROR = /^(.*\S) ERROR$/;
/** `ExtendedDetectionInfo yes` appends the md5 and size of the member to the name. */
const EXTENDED_INFO = /\([0-9a-f]{32}:\d+\)$/;
const SIZE_LIMIT = 'INSTREAM size limit exceeded.';

/**
 * Reads clamd's whole answer to `zINSTREAM`, terminator included.
 *
 * Only `stream: OK\0` after every byte and the zero chunk is clean. Whatever is early, cut, unknown or followed by more
 * bytes is a retry: an engine that misbehaves must neither clear a file nor get somebody's bytes deleted.
 *
 * @param sent bytes of content the engine was given.
 * @param complete whether the zero chunk had left when the answer came.
 */
export function parseScanReply(raw: Buffer, sent: number, complete: boolean): ScanVerdict {
  if (raw.indexOf(0) !== raw.length - 1) return protocol('not terminated exactly once', raw);
  const text = raw.toString('latin1', 0, raw.length - 1);
  const error = ERROR.exec(text)?.[1];
  // The one answer that comes before the end by right: clamd stops reading at StreamMaxLength.
  if (error === SIZE_LIMIT) return { kind: 'unscannable', reason: 'too_large' };
  if (error !== undefined) return { kind: 'retry', reason: 'engine_error', detail: printable(error) };
  if (!complete) return protocol('answered before the last byte', raw);
  if (text === 'stream: OK')
    return { kind: 'clean', bytes: sent, coverage: sent > SKIPPED_BYTES ? 'full' : 'too_small' };
  const name = FOUND.exec(text)?.[1];
  return name === undefined ? protocol('unknown answer', raw) : alert(printable(name.replace(EXTENDED_INFO, '')));
}

/** Two families of alerts say that the engine did not look (`AlertExceedsMax`, `AlertEncrypted`), not that it found. */
function alert(signature: string): ScanVerdict {
  if (signature.startsWith('Heuristics.Limits.')) return { kind: 'unscannable', reason: 'limits', signature };
  if (signature.startsWith('Heuristics.Encrypted.')) return { kind: 'unscannable', reason: 'encrypted', signature };
  return { kind: 'infected', signature };
}

function protocol(what: string, raw: Buffer): ScanVerdict {
  return { kind: 'retry', reason: 'protocol', detail: `${what}: "${printable(raw.toString('latin1'))}"` };
}

/** Replies end up in logs and rows: printable ASCII, at most 200 characters. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}
