import { Injectable } from '@nestjs/common';
import { WaitAndRetry } from '@custody/queues';
import { ObjectStore } from '@custody/storage';
import { VirusScanner } from '../antivirus/virus-scanner.js';
import { ScanSettings } from './scan-settings.js';

/** A wake-up is held this long for an engine to come back before it makes room: all of them cycling would only heat Redis. */
const HOLD_MS = 5_000;

/** An answer of the store is believed this long: wake-ups that follow upon each other do not all have to ask. */
const BELIEVED_MS = 1_000;

/** Nothing is claimed while the engine or the store is away: no start is burnt, no version changes hands (F10). */
@Injectable()
export class ScanGate {
  private believedUntil = 0;

  constructor(
    private readonly scanner: VirusScanner,
    private readonly store: ObjectStore,
    private readonly settings: ScanSettings,
  ) {}

  /** @throws WaitAndRetry while something is away, or the signal's reason. */
  async pass(signal: AbortSignal): Promise<void> {
    const held = AbortSignal.any([signal, AbortSignal.timeout(HOLD_MS)]);
    await this.wait('the engine', this.scanner.whenAvailable(held), signal);
    if (performance.now() < this.believedUntil) return;
    await this.wait('the store', this.store.ping(held), signal);
    this.believedUntil = performance.now() + BELIEVED_MS;
  }

  /** A claim came to nothing: the next wake-up asks again. */
  doubt(): void {
    this.believedUntil = 0;
  }

  private async wait(what: string, back: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await back;
    } catch {
      signal.throwIfAborted();
      throw new WaitAndRetry(this.settings.outageRetrySec * 1_000, `${what} is away`);
    }
  }
}
