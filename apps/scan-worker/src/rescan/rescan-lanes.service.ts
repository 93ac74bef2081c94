import { setTimeout as delay } from 'node:timers/promises';
import { SystemRescansRepository } from '@custody/data';
import { WaitAndRetry } from '@custody/queues';
import { Injectable, Logger } from '@nestjs/common';
import { EngineVersions } from '../scan/engine-versions.service.js';
import { ScanGate } from '../scan/scan-gate.service.js';
import { WORKER } from '../scan/work.js';
import { RescanSettings } from './rescan-settings.js';
import { WorkOnRescan } from './work-on-rescan.service.js';

/** Versions of a run in the queue at a time: what a stopped or superseded run leaves behind is no more than that. */
const BATCH = 200;
const MINUTE_MS = 60_000;

/**
 * Takes rescans one after the other, at the configured pace and only while no upload waits (ADR 0026). No queue wakes it: it looks into
 * PostgreSQL, where the work is.
 */
@Injectable()
export class RescanLanes {
  private readonly log = new Logger(RescanLanes.name);
  private readonly stopping = new AbortController();
  private lanes: Promise<void>[] = [];
  /** The newest signatures that a run was asked for. */
  private noticed = 0;

  constructor(
    private readonly gate: ScanGate,
    private readonly engines: EngineVersions,
    private readonly rescans: SystemRescansRepository,
    private readonly work: WorkOnRescan,
    private readonly settings: RescanSettings,
  ) {}

  start(): void {
    this.lanes = Array.from({ length: this.settings.concurrency }, () => this.lane(this.stopping.signal));
  }

  /** Takes no more and hands back what runs; resolves when that is done. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    await Promise.all(this.lanes);
  }

  private async lane(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const waitMs = await this.turn(stop);
      await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Milliseconds until the next look. */
  private async turn(stop: AbortSignal): Promise<number> {
    const begun = performance.now();
    try {
      await this.gate.pass(stop);
      const signatures = await this.engines.signatureNumber(stop);
      await this.notice(signatures);
      const version = await this.rescans.claim({ actor: WORKER }, this.settings, signatures, BATCH);
      if (version === null) return this.settings.pollSec * 1_000;
      await this.work.execute(version, stop);
      return Math.max(0, MINUTE_MS / this.settings.perMinute - (performance.now() - begun));
    } catch (error) {
      // Something is away, or the process stops: nothing was claimed.
      if (!stop.aborted && !(error instanceof WaitAndRetry)) this.log.warn(`no rescans for now: ${String(error)}`);
      return this.settings.outageRetrySec * 1_000;
    }
  }

  private async notice(signatures: number): Promise<void> {
    if (this.settings.onSignatures === 'off' || signatures <= this.noticed) return;
    const run = await this.rescans.beginSignatureRun({ actor: WORKER }, signatures);
    if (run === null) return;
    this.noticed = signatures;
    this.log.log(`signatures ${signatures}: everything that was scanned with older ones is scanned again, run ${run}`);
  }
}
