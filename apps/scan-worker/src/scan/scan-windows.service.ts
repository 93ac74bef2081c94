import { ScanCheckpointsRepository } from '@custody/data';
import { SNIFF_BYTES, type Coverage, type EngineVersion } from '@custody/domain';
import { CrashPoints } from '@custody/observability';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';
import { createSHA256, type IHasher } from 'hash-wasm';
import type { ScanPass } from '../antivirus/scan-pass.js';
import { VirusScanner, type ScanVerdict } from '../antivirus/virus-scanner.js';
import { isArchive } from '../inspect/inspect-archive.js';
import { LeaseLost } from './interruption.js';
import { pinnedAccess } from './pinned-access.js';
import { ScanSettings } from './scan-settings.js';
import { windowAfter, type Window } from './window.js';
import type { Work } from './work.js';

/** A pass, which engine made it, and how much a clean verdict of it speaks for. */
export interface WindowedPass {
  readonly pass: ScanPass;
  readonly engine: EngineVersion | null;
  readonly coverage: Exclude<Coverage, 'none'>;
}

/**
 * Step 4 for a file larger than the engine takes (S12, S17): window after window of the pinned version, each read by its range and
 * with what the one before it ended with. The hash runs over all bytes once; its state is written down with every window, so that a
 * crash repeats one window and not the file.
 */
@Injectable()
export class ScanWindows {
  private readonly log = new Logger(ScanWindows.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly scanner: VirusScanner,
    private readonly checkpoints: ScanCheckpointsRepository,
    private readonly crashPoints: CrashPoints,
    private readonly settings: ScanSettings,
  ) {}

  /**
   * `clean` means that every window was. @throws LeaseLost, what the engine and the store throw, or the signal's reason.
   * @param current the engine as it is now; a scan that goes on keeps the one it began with.
   */
  async execute(work: Work, current: EngineVersion): Promise<WindowedPass> {
    const { context, claim, pinned, signal, progress } = work;
    const size = work.version.size ?? 0;
    const head = await this.store.readHead(pinned, SNIFF_BYTES, signal);
    // The engine sees a piece of it only, and what is packed inside not at all.
    if (await isArchive(pinnedAccess(this.store, work, head), signal))
      return passOf({ kind: 'unscannable', reason: 'large_archive' }, head, 0, current);

    const found = await this.checkpoints.find(context, claim);
    const hash = await hasherAt(found?.hash);
    const engine = found?.engine ?? current;
    let scanned = found?.offset ?? 0;
    if (found !== null) this.log.log(`version ${claim.versionId}: goes on at byte ${scanned} of ${size}`);
    while (scanned < size) {
      const window = windowAfter(scanned, size, this.settings);
      const verdict = await this.scan(work, window, scanned, hash);
      if (verdict.kind !== 'clean') return passOf(verdict, head, scanned, engine);
      scanned = window.end;
      progress.scannedBytes = scanned;
      const checkpoint = { offset: scanned, hash: Buffer.from(hash.save()).toString('base64'), engine };
      if (!(await this.checkpoints.save(context, claim, checkpoint, progress))) throw new LeaseLost();
      await this.crashPoints.reach('after-window');
    }
    const sha256 = hash.digest('hex');
    return passOf({ kind: 'clean', bytes: size, coverage: 'full' }, head, size, engine, sha256);
  }

  /** One window through the engine; of its bytes, those from `hashed` on are new to the hash. */
  private async scan(
    { pinned, signal, progress }: Work,
    { start, end }: Window,
    hashed: number,
    hash: IHasher,
  ): Promise<ScanVerdict> {
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
        progress.scannedBytes = Math.max(progress.scannedBytes, at);
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

/** A new hash, or one that goes on from a saved state. */
async function hasherAt(state: string | undefined): Promise<IHasher> {
  const hash = await createSHA256();
  if (state === undefined) return hash.init();
  return hash.load(Buffer.from(state, 'base64'));
}

function passOf(
  verdict: ScanVerdict,
  head: Uint8Array,
  bytes: number,
  engine: EngineVersion,
  sha256?: string,
): WindowedPass {
  const pass = { verdict, bytes, head, ...(sha256 === undefined ? {} : { sha256 }) };
  return { pass, engine, coverage: 'windowed' };
}
