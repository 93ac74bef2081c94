import { CustodyError } from '@custody/domain';
import { ObjectStoreError } from '@custody/storage';
import { ScannerUnavailable } from '../antivirus/virus-scanner.js';
import { HandBack } from './interruption.js';
import type { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

/**
 * Whose fault it was that a claim ended without a verdict. Outages give the start back: waiting for clamd or the store
 * must never use up what protects the workers from a poisonous file (F10, F15).
 */
export function whyHandBack(
  error: unknown,
  { version }: Work,
  settings: Pick<ScanSettings, 'outageRetrySec'>,
  stop: AbortSignal,
): HandBack {
  if (error instanceof HandBack) return error;
  if (stop.aborted) return new HandBack('the worker is stopping', 1, 0);
  if (isOutage(error)) return new HandBack(error.message, 1, settings.outageRetrySec);
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'failed without an error';
  return HandBack.counting(reason, version.starts);
}

/** Something the worker depends on is away; it says nothing about the file. */
export function isOutage(error: unknown): error is Error {
  if (error instanceof ScannerUnavailable) return true;
  // Wrong or revoked credentials are the deployment's fault, not the file's.
  if (error instanceof ObjectStoreError) return error.retryable || error.code === 'ACCESS_DENIED';
  return error instanceof CustodyError && error.code === 'SERVICE_UNAVAILABLE';
}
