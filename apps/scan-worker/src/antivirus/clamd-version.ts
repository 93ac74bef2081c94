import type { EngineVersion } from './virus-scanner.js';

const VERSION = /^(ClamAV [^/]+)(?:\/(\d+)\/(.+))?$/;
const DATE = /^\w{3} +(\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/;
const MAX_THREADS = /^THREADS: .*\bmax (\d+)\b/m;

/**
 * Reads the answer to `VERSION`: `ClamAV 1.4.6/27465/Thu Nov 20 09:25:11 2026`, or `ClamAV 1.4.6` with local
 * signatures only.
 * @returns `undefined` when it is neither.
 */
export function parseVersion(reply: string): EngineVersion | undefined {
  const [, engine, number, built] = VERSION.exec(reply) ?? [];
  if (engine === undefined) return undefined;
  const [, month, day, time, year] = DATE.exec(built ?? '') ?? [];
  const at = new Date(`${day} ${month} ${year} ${time} UTC`);
  return {
    engine,
    ...(number !== undefined && { signatureVersion: Number(number) }),
    ...(!Number.isNaN(at.getTime()) && { signaturesAt: at }),
  };
}

/** Reads `MaxThreads` out of the answer to `STATS`, which sums nothing: with several pools the first is the scanners'. */
export function parseMaxThreads(reply: string): number | undefined {
  const max = Number(MAX_THREADS.exec(reply)?.[1]);
  return max >= 1 ? max : undefined;
}
