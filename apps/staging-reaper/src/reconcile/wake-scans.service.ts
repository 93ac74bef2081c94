import { SystemScanQueueRepository, type WaitingVersion } from '@custody/data';
import { QueueProducer, type QueueMessage } from '@custody/queues';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

/** Most wake-ups of one round; those who are woken claim whatever is first in line. */
const MOST_PER_ROUND = 5_000;
const BATCH = 200;

/**
 * Finds versions again whose wake-up was lost (F4): each job on the queue claims one version, so as many jobs are published as
 * PostgreSQL has versions waiting beyond the jobs there are. A long backlog with its jobs in place is left alone.
 */
@Injectable()
export class WakeScans implements ReaperTask {
  readonly name = 'wake-scans';

  constructor(
    private readonly scans: SystemScanQueueRepository,
    private readonly producer: QueueProducer,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const overdue = await this.scans.waiting(this.settings.reconcileAfterSec, MOST_PER_ROUND);
    if (overdue.length === 0) return tally;
    const missing = overdue.slice(0, await this.missingJobs());
    for (let from = 0; from < missing.length && !signal.aborted; from += BATCH) {
      const batch = missing.slice(from, from + BATCH);
      await this.producer.republish(batch.map(wakeUp));
      tally.count('woken', batch.length);
    }
    return tally;
  }

  private async missingJobs(): Promise<number> {
    // Depth first: a job that is finished between the two answers then counts as missing, which costs one idle wake-up.
    const { waiting, prioritized, delayed } = await this.producer.depth('scan');
    const backlog = await this.scans.backlog();
    return Math.max(0, backlog.waiting - waiting - prioritized - delayed);
  }
}

function wakeUp({ tenantId, fileId, versionId, epoch }: WaitingVersion): QueueMessage {
  return { id: `wake-${versionId}-${epoch}`, name: 'scan.v1', payload: { tenantId, fileId, versionId } };
}
