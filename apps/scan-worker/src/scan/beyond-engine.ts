import type { ScanSession, ScanVerdict } from '../antivirus/virus-scanner.js';
import type { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

const TOO_LARGE: ScanVerdict = { kind: 'unscannable', reason: 'too_large' };

/** Stands in for the engine where the pinned size says beforehand that it would refuse: the bytes are only hashed. */
export const beyondEngine = {
  open: (): Promise<ScanSession> =>
    Promise.resolve({
      settled: TOO_LARGE,
      write: () => Promise.resolve(),
      end: () => Promise.resolve(TOO_LARGE),
      close: () => undefined,
    }),
};

export const isBeyondEngine = ({ version }: Work, settings: ScanSettings): boolean =>
  (version.size ?? 0) > settings.maxStreamBytes;
