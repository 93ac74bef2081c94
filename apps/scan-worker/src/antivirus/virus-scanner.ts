/** What an engine says about one stream of bytes. */
export type ScanVerdict =
  | {
      kind: 'clean';
      /** Bytes the engine was given; the caller compares them with the pinned size. */
      bytes: number;
      /** `too_small`: the engine skips inputs this short, no signature can match in them. */
      coverage: 'full' | 'too_small';
    }
  | { kind: 'infected'; signature: string }
  | { kind: 'unscannable'; reason: 'too_large' | 'limits' | 'encrypted'; signature?: string }
  /** Not the engine, but our own look into an archive that it cannot take whole; `detail` says what and why. */
  | { kind: 'unscannable'; reason: 'archive'; detail: string }
  | { kind: 'retry'; reason: ScanRetryReason; detail: string };

/**
 * Why there is no verdict. Each of these counts as an attempt, because a file that kills the engine looks the same;
 * an engine that cannot even be reached is {@link ScannerUnavailable} and counts for nothing.
 */
export type ScanRetryReason =
  /** The connection broke after the stream had begun. */
  | 'connection_lost'
  /** The engine took no bytes, or gave no answer, for longer than its deadline. */
  | 'deadline'
  /** An answer that is early, cut short, too long or unknown. */
  | 'protocol'
  /** The engine answered with an error of its own (disk full, time-out, reload). */
  | 'engine_error'
  /** The caller closed the session, or fed it fewer or more bytes than were pinned. */
  | 'incomplete';

/** The engine and its signatures, stored beside each verdict. */
export interface EngineVersion {
  /** For example `ClamAV 1.4.6`. */
  engine: string;
  /** Number of the daily database; absent when only local signatures are loaded. */
  signatureVersion?: number;
  /** When that database was built, to the day (the engine reports its own local time without a zone). */
  signaturesAt?: Date;
}

/** One stream on its way through the engine: `write` every chunk in order, then `end`. */
export interface ScanSession {
  /** Set as soon as nothing written later can change the outcome. */
  readonly settled: ScanVerdict | undefined;
  /**
   * Hands one chunk over without copying it and resolves when the engine can take more. The chunk must not be changed
   * afterwards. Once settled it only counts. Rejects with the signal's reason when aborted.
   */
  write(chunk: Uint8Array): Promise<void>;
  /** Ends the stream and waits for the verdict. Rejects with the signal's reason when aborted. */
  end(): Promise<ScanVerdict>;
  /** Gives up without a verdict; harmless after `end`. Always call it in a `finally`. */
  close(): void;
}

/** The engine could not be reached: wait with `whenAvailable` and do not count an attempt. */
export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable';
}

/** An antivirus engine. `clean` means that it looked at every byte, anything doubtful is `retry` or `unscannable`. */
export abstract class VirusScanner {
  /** False from the moment the engine is taken for dead until it answers again. */
  abstract get available(): boolean;

  /**
   * Waits for a free place in the engine and opens a stream to it.
   * @throws ScannerUnavailable when the engine cannot be reached, and the signal's reason when aborted.
   */
  abstract open(signal: AbortSignal): Promise<ScanSession>;

  /** Resolves at once while the engine is taken for alive, otherwise when it answers again. */
  abstract whenAvailable(signal: AbortSignal): Promise<void>;

  /** Resolves as soon as somebody waits for a place in the engine: who can wait gives way. Never rejects; ends with the signal. */
  abstract whenCrowded(signal: AbortSignal): Promise<void>;

  /**
   * Streams it takes at a time: more would only wait inside it.
   * @throws ScannerUnavailable when the engine cannot be reached.
   */
  abstract capacity(signal: AbortSignal): Promise<number>;

  /** @throws ScannerUnavailable when the engine cannot be reached. */
  abstract version(signal: AbortSignal): Promise<EngineVersion>;
}

/** Age of the signatures in milliseconds, `undefined` when the engine does not know it. */
export function signatureAge(version: EngineVersion, now: Date): number | undefined {
  return version.signaturesAt && Math.max(0, now.getTime() - version.signaturesAt.getTime());
}
