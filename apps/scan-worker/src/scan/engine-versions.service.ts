import { Injectable, Logger } from '@nestjs/common';
import type { EngineVersion } from '@custody/domain';
import { signatureAge, VirusScanner, type EngineVersion as Reported } from '../antivirus/virus-scanner.js';
import { ScanSettings } from './scan-settings.js';

const HOUR_MS = 3_600_000;

/** Which engine speaks, and whether its signatures are still of today (S18). */
@Injectable()
export class EngineVersions {
  private readonly log = new Logger(EngineVersions.name);
  /** The last version that was written to the log. */
  private announced = '';

  constructor(
    private readonly scanner: VirusScanner,
    private readonly settings: ScanSettings,
  ) {}

  /** As it is stored with a verdict. @throws ScannerUnavailable, or the signal's reason. */
  async current(signal: AbortSignal): Promise<EngineVersion> {
    const version = await this.scanner.version(signal);
    this.announce(version);
    return {
      engine: version.engine,
      signatures: version.signatureVersion === undefined ? 'local' : String(version.signatureVersion),
      signaturesAt: version.signaturesAt?.toISOString() ?? null,
    };
  }

  /** Of the daily database; 0 when only local signatures are loaded. */
  async signatureNumber(signal: AbortSignal): Promise<number> {
    return (await this.scanner.version(signal)).signatureVersion ?? 0;
  }

  /** Age of the signatures in seconds; `undefined` when the engine does not know it (local signatures only). */
  async signatureAgeSec(signal: AbortSignal): Promise<number | undefined> {
    const age = signatureAge(await this.scanner.version(signal), new Date());
    return age === undefined ? undefined : age / 1_000;
  }

  /** Whether the signatures are older than the deployment allows. */
  async stale(signal: AbortSignal): Promise<boolean> {
    return this.isStale(await this.scanner.version(signal));
  }

  private isStale(version: Reported): boolean {
    return (signatureAge(version, new Date()) ?? 0) > this.settings.maxSignatureAgeHours * HOUR_MS;
  }

  private announce(version: Reported): void {
    const stale = this.isStale(version);
    const name = `${version.engine}, signatures ${version.signatureVersion ?? 'local'}${stale ? ', which are stale' : ''}`;
    if (name === this.announced) return;
    this.announced = name;
    if (stale) this.log.warn(name);
    else this.log.log(name);
  }
}
