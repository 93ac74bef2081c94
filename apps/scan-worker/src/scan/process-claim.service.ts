import { Injectable } from '@nestjs/common';
import { CrashPoints } from '@custody/observability';
import { ClearStaging } from '../promote/clear-staging.service.js';
import { PromoteVersion, type Promotion } from '../promote/promote-version.service.js';
import { RecordVerdict } from './record-verdict.service.js';
import { ScanVersion } from './scan-version.service.js';
import type { StagedWork } from './work.js';

/** How a claim ended: a rejection's reason, `held`, or what became of the promotion. */
export type Outcome = Promotion | 'held' | 'rejected';

/** Steps 4 to 7 for one claim, in the order that heals after a crash between any two. */
@Injectable()
export class ProcessClaim {
  constructor(
    private readonly scan: ScanVersion,
    private readonly record: RecordVerdict,
    private readonly promote: PromoteVersion,
    private readonly clear: ClearStaging,
    private readonly crashPoints: CrashPoints,
  ) {}

  async execute(work: StagedWork): Promise<Outcome> {
    await this.crashPoints.reach('after-claim');
    const outcome = await this.carryOn(work);
    if (outcome !== 'held') await this.clear.execute(work, outcome === 'available' ? 'available' : 'rejected');
    return outcome;
  }

  private async carryOn(work: StagedWork): Promise<Outcome> {
    const { state, sha256 } = work.version;
    // The verdict was there when its worker died: it stands, only the promotion is missing.
    if (state === 'clean' && sha256 !== null) return this.promote.execute(work, sha256);
    const verdict = await this.scan.execute(work);
    await this.record.execute(work, verdict);
    if (verdict.state === 'clean' && verdict.sha256 !== null) return this.promote.execute(work, verdict.sha256);
    return verdict.state === 'held' ? 'held' : 'rejected';
  }
}
