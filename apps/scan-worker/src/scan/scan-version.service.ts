import { Injectable } from '@nestjs/common';
import type { VerdictRecord } from '@custody/data';
import { sniffMimeType } from '@custody/domain';
import { ObjectStoreError } from '@custody/storage';
import { isBeyondEngine } from './beyond-engine.js';
import { EngineVersions } from './engine-versions.service.js';
import { InspectArchive } from './inspect-archive.service.js';
import { HandBack } from './interruption.js';
import { judge } from './judge.js';
import { ReadPinned } from './read-pinned.service.js';
import { ScanInPieces, type PiecewisePass } from './scan-in-pieces.service.js';
import { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

/** From a claim to its verdict: reads, scans, compares, looks inside. Writes nothing. */
@Injectable()
export class ScanVersion {
  constructor(
    private readonly readPinned: ReadPinned,
    private readonly engines: EngineVersions,
    private readonly inspectArchive: InspectArchive,
    private readonly inPieces: ScanInPieces,
    private readonly settings: ScanSettings,
  ) {}

  /**
   * @throws HandBack when there is no verdict this time; ScannerUnavailable or a retryable ObjectStoreError in an
   * outage; the signal's reason when aborted.
   */
  async execute(work: Work): Promise<VerdictRecord> {
    const { version } = work;
    if (version.size === 0) return EMPTY;
    const read = await this.read(work);
    if (read === null) return VANISHED;
    const { pass, engine, coverage } = read;
    if (pass.verdict.kind === 'retry') {
      const { reason, detail } = pass.verdict;
      throw HandBack.counting(`${reason}: ${detail}`, version.starts);
    }
    const sniffed = await sniffMimeType(pass.head);
    const findings = { verdict: pass.verdict, sha256: pass.sha256 ?? null, sniffed, engine, coverage };
    const looksInside = pass.verdict.kind === 'clean' && coverage === 'full';
    const archive = looksInside ? await this.inspectArchive.execute(work, pass) : null;
    return judge({ ...findings, archive }, { ...version, oversize: this.settings.oversize });
  }

  private async read(work: Work): Promise<PiecewisePass | null> {
    try {
      const isBeyond = isBeyondEngine(work, this.settings);
      const isScanned = !isBeyond || this.settings.oversize === 'windowed';
      // Asked before the pass: the verdict must not claim signatures newer than those that gave it.
      const engine = isScanned ? await this.engines.current(work.signal) : null;
      if (isBeyond && engine !== null) return await this.inPieces.execute(work, engine);
      return { pass: await this.readPinned.execute(work), engine, coverage: 'full' };
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }
}

const UNREAD = { state: 'rejected', signature: null, engine: null, sha256: null, sniffedMimeType: null } as const;

/** Nothing to scan, nothing to serve (S16). */
const EMPTY: VerdictRecord = {
  ...UNREAD,
  rejectReason: 'size_mismatch',
  detail: 'the file is empty',
  verdict: 'mismatch',
  coverage: 'full',
};

/** The pinned version is not in the store any more: no retry brings it back. */
const VANISHED: VerdictRecord = {
  ...UNREAD,
  rejectReason: 'failed',
  detail: 'the uploaded bytes are gone from the store',
  verdict: 'unscannable',
  coverage: 'none',
};
