import type { ScanWorkerConfig } from '@custody/config';
import type { DatabaseOptions } from '@custody/data';
import type { StorageOptions } from '@custody/storage';
import { CLAMD_DEFAULTS, type ClamdOptions } from './antivirus/clamd.scanner.js';
import type { RescanSettings } from './rescan/rescan-settings.js';
import type { ScanSettings } from './scan/scan-settings.js';

/* The configuration of the process, cut for each part of it. */

export function scanSettings({ scan, clamd }: ScanWorkerConfig): ScanSettings {
  const { maxStreamBytes, maxSignatureAgeHours, retrySec } = clamd;
  return { ...scan, maxStreamBytes, maxSignatureAgeHours, outageRetrySec: retrySec };
}

export function rescanSettings({ scan, rescan, clamd }: ScanWorkerConfig): RescanSettings {
  return { ...rescan, leaseSec: scan.leaseSec, maxStarts: scan.maxStarts, outageRetrySec: clamd.retrySec };
}

export function clamdOptions({ clamd, scan }: ScanWorkerConfig): ClamdOptions {
  return {
    ...CLAMD_DEFAULTS,
    host: clamd.host,
    port: clamd.port,
    connectTimeoutMs: clamd.connectTimeoutSec * 1_000,
    idleTimeoutMs: clamd.timeoutSec * 1_000,
    replyTimeoutMs: clamd.timeoutSec * 1_000,
    maxStreamBytes: clamd.maxStreamBytes,
    concurrency: scan.concurrency,
  };
}

export function storageOptions({ store, promotion }: ScanWorkerConfig): StorageOptions {
  const { accessKeyId, secretAccessKey, ...rest } = store;
  return { ...rest, credentials: { accessKeyId, secretAccessKey }, limits: promotion };
}

export const databaseOptions = ({ database, runtime }: ScanWorkerConfig): DatabaseOptions => ({
  url: database.url,
  poolMax: database.poolMax,
  applicationName: runtime.name,
});

export const systemDatabaseOptions = ({ database, runtime }: ScanWorkerConfig): DatabaseOptions => ({
  url: database.systemUrl,
  poolMax: database.poolMax,
  applicationName: `${runtime.name} (system)`,
});

/** Values that must never reach a log. */
export const secretsOf = ({ database, redis, store }: ScanWorkerConfig): string[] => [
  store.secretAccessKey,
  ...[database.url, database.systemUrl, redis.url].map((url) => new URL(url).password),
];
