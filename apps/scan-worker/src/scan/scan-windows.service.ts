import type { ScanCheckpoint } from '@custody/data';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { createSHA256, type IHasher } from 'hash-wasm';
import { VirusScanner, type ScanVerdict } from '../antivirus/virus-scanner.js';
import { SaveCheckpoint } from './save-checkpoint.service.js';
import { ScanSettings } from './scan-settings.js';
import { windowAfter, type Window } from './window.js';
import type { Work } from './work.js';

/** What all windows together say; `sha256` of all bytes when they are clean. */
export interface WindowsVerdict {
  readonly verdict: ScanVerdict;
  readonly bytes: number;
  readonly sha256?: string;
}

/**
 * Window after window of the pinned version (S12, S17), each read by its range and with what the one before it ended with. The hash runs over
 * all bytes once; its state is written down with every window, so that a crash repeats one window and not the file.
 */
@Injectable()
export class ScanWindows {
  constructor(
    private readonly store: ObjectStore,
    private readonly scanner: VirusScanner,
    private readonly saveCheckpoint: SaveCheckpoint,
    private readonly settings: ScanSettings,
  ) {}

  /** @throws LeaseLost, what the engine and the store throw, or the signal's reason. */
  async execute(work: Work, from: ScanCheckpoint): Promise<WindowsVerdict> {
    const size = work.version.size ?? 0;
    const hash = await hasherAt(from.hash);
    let scanned = from.offset;
    while (scanned < size) {
      const window = windowAfter(scanned, size, this.settings);
      const verdict = await this.scan(work, window, scanned, hash);
      if (!passes(verdict, from)) return { verdict, bytes: scanned };
      scanned = window.end;
      work.progress.scannedBytes = aheadOf(work, size) + scanned;
      await this.saveCheckpoint.execute(work, { ...from, offset: scanned, hash: stateOf(hash) });
    }
    return { verdict: { kind: 'clean', bytes: size, coverage: 'full' }, bytes: size, sha256: hash.digest('hex') };
  }

  /** One window through the engine; of its bytes, those from `hashed` on are new to the hash. */
  private async scan(work: Work, { start, end }: Window, hashed: number, hash: IHasher): Promise<ScanVerdict> {
    const { pinned, signal, progress } = work;
    const ahead = aheadOf(work, work.version.size ?? 0);
    const session = await this.scanner.open(signal);
    try {
      const { body } = await this.store.open(pinned, { start, end: end - 1 }, signal);
      let at = start;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        signal.throwIfAborted();
        const known = Math.min(Math.max(hashed - at, 0), chunk.length);
        if (known < chunk.length) hash.update(chunk.subarray(known));
        at += chunk.length;
        await session.write(chunk);
        progress.scannedBytes = Math.max(progress.scannedBytes, ahead + at);
        // Infected, refused or broken: nothing that follows can change it.
        if (session.settled !== undefined) return session.settled;
      }
      if (at !== end) return { kind: 'retry', reason: 'incomplete', detail: `${at - start} of ${end - start} bytes` };
      return await session.end();
    } finally {
      session.close();
    }
  }
}

/** The state of a hash over nothing. */
export async function emptyHash(): Promise<string> {
  return stateOf((await createSHA256()).init());
}

async function hasherAt(state: string): Promise<IHasher> {
  return (await createSHA256()).load(Buffer.from(state, 'base64'));
}

function stateOf(hash: IHasher): string {
  return Buffer.from(hash.save()).toString('base64');
}

/**
 * In a piece of an archive the engine may find more packed than it wants to open. It matches the bytes themselves before it says so (measured,
 * docs/scanning.md), and what is packed was scanned as the files it holds.
 */
function passes(verdict: ScanVerdict, { archive }: ScanCheckpoint): boolean {
  if (verdict.kind === 'clean') return true;
  return archive !== undefined && verdict.kind === 'unscannable' && verdict.reason === 'limits';
}

/** Of an archive the files in it were read before. */
const aheadOf = ({ progress }: Work, size: number): number => progress.totalBytes - size;
