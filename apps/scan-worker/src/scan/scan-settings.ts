import type { ClaimPolicy } from '@custody/data';

/** What a deployment decides about scanning. An abstract class, so that it is the injection token too. */
export abstract class ScanSettings implements ClaimPolicy {
  abstract readonly leaseSec: number;
  abstract readonly maxStarts: number;
  abstract readonly newestFirstAbove: number;
  abstract readonly oldestEvery: number;
  /** What happens to bytes beyond what the engine takes. */
  abstract readonly oversize: 'windowed' | 'hold' | 'reject';
  /** Longest window of such a file, and what neighbouring windows share; see `windowAfter`. */
  abstract readonly windowBytes: number;
  abstract readonly windowOverlapBytes: number;
  /** Most bytes the engine is sent. */
  abstract readonly maxStreamBytes: number;
  /** Signatures older than this raise an alarm. */
  abstract readonly maxSignatureAgeHours: number;
  /** How long work waits when the engine or the store is away. */
  abstract readonly outageRetrySec: number;
}
