import type { MembersCheckpoint, ScanCheckpoint } from '@custody/data';
import { SNIFF_BYTES, type Coverage, type EngineVersion } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';
import type { ScanPass } from '../antivirus/scan-pass.js';
import type { ScanVerdict } from '../antivirus/virus-scanner.js';
import { archiveKind } from '../inspect/inspect-archive.js';
import { Unscannable } from '../inspect/inspection.js';
import { NotClean } from './member-feed.js';
import { pinnedAccess } from './pinned-access.js';
import { SaveCheckpoint } from './save-checkpoint.service.js';
import { ScanMembers } from './scan-members.service.js';
import { emptyHash, ScanWindows } from './scan-windows.service.js';
import type { Work } from './work.js';

/** A pass, which engine made it, and how much a clean verdict of it speaks for. */
export interface PiecewisePass {
  readonly pass: ScanPass;
  readonly engine: EngineVersion | null;
  readonly coverage: Exclude<Coverage, 'none'>;
}

const NOTHING_YET: MembersCheckpoint = {
  ...{ members: 0, position: 0, offset: 0, bytes: 0 },
  ...{ windowed: false, finished: false },
};

/** Step 4 for a file larger than the engine takes: of an archive every file in it first, then all bytes in windows. */
@Injectable()
export class ScanInPieces {
  private readonly log = new Logger(ScanInPieces.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly members: ScanMembers,
    private readonly windows: ScanWindows,
    private readonly saveCheckpoint: SaveCheckpoint,
  ) {}

  /**
   * @param current the engine as it is now; a scan that goes on keeps the one it began with.
   * @throws LeaseLost, what the engine and the store throw, or the signal's reason.
   */
  async execute(work: Work, current: EngineVersion): Promise<PiecewisePass> {
    const head = await this.store.readHead(work.pinned, SNIFF_BYTES, work.signal);
    const found = await this.saveCheckpoint.find(work);
    const from = found ?? { offset: 0, hash: await emptyHash(), engine: current };
    const passOf = (verdict: ScanVerdict, bytes = 0): PiecewisePass => ({
      ...{ pass: { verdict, bytes, head, tail: new Uint8Array() }, engine: from.engine, coverage: 'windowed' },
    });
    if (found !== null)
      this.log.log(`version ${work.claim.versionId}: goes on after ${JSON.stringify(placeOf(found))}`);
    try {
      const begun = await this.lookInside(work, from, head);
      const { sha256, bytes, verdict } = await this.windows.execute(work, begun);
      const { pass } = passOf(verdict, bytes);
      return {
        ...{ pass: sha256 === undefined ? pass : { ...pass, sha256 }, engine: from.engine },
        coverage: begun.archive?.windowed === false ? 'members' : 'windowed',
      };
    } catch (error) {
      if (error instanceof NotClean) return passOf(error.verdict);
      if (!(error instanceof Unscannable)) throw error;
      return passOf({ kind: 'unscannable', reason: 'archive', detail: `${error.reason}: ${error.detail}` });
    }
  }

  private async lookInside(work: Work, from: ScanCheckpoint, head: Uint8Array): Promise<ScanCheckpoint> {
    const kind = await archiveKind(pinnedAccess(this.store, work, { head }), work.signal);
    if (kind === 'plain') return from;
    work.progress.totalBytes = 2 * (work.version.size ?? 0);
    const archive = from.archive ?? NOTHING_YET;
    return archive.finished ? from : this.members.execute(work, kind, { ...from, archive });
  }
}

const placeOf = ({ offset, archive }: ScanCheckpoint) => ({ offset, archive });
