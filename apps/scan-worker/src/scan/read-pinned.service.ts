import { Injectable } from '@nestjs/common';
import { CrashPoints } from '@custody/observability';
import { ObjectStore } from '@custody/storage';
import { scanOnce, type ScanPass } from '../antivirus/scan-pass.js';
import { VirusScanner } from '../antivirus/virus-scanner.js';
import { beyondEngine, isBeyondEngine } from './beyond-engine.js';
import { ScanSettings } from './scan-settings.js';
import type { ScanProgress, Work } from './work.js';

/** Step 4 of the order of writes: one reading of the pinned version feeds hash, count, head and engine. */
@Injectable()
export class ReadPinned {
  constructor(
    private readonly store: ObjectStore,
    private readonly scanner: VirusScanner,
    private readonly crashPoints: CrashPoints,
    private readonly settings: ScanSettings,
  ) {}

  /** @throws what `scanOnce` throws; an ObjectStoreError `NOT_FOUND` when the pinned version is gone. */
  async execute(work: Work): Promise<ScanPass> {
    const { pinned, version, signal, progress } = work;
    const engine = isBeyondEngine(work, this.settings) ? beyondEngine : this.scanner;
    const open = async () => this.watched((await this.store.open(pinned, undefined, signal)).body, progress);
    return scanOnce(engine, open, version.size ?? 0, signal);
  }

  private async *watched(source: AsyncIterable<Uint8Array>, progress: ScanProgress): AsyncGenerator<Uint8Array> {
    let begun = false;
    for await (const chunk of source) {
      yield chunk;
      progress.scannedBytes += chunk.byteLength;
      if (!begun) await this.crashPoints.reach('mid-pass');
      begun = true;
    }
  }
}
