import { ScanCheckpointsRepository, type ScanCheckpoint } from '@custody/data';
import { CrashPoints } from '@custody/observability';
import { Injectable } from '@nestjs/common';
import { LeaseLost } from './interruption.js';
import type { Work } from './work.js';

/** Writes down how far the scan of a file has come that the engine cannot take whole, so that a crash repeats what came after it only. */
@Injectable()
export class SaveCheckpoint {
  constructor(
    private readonly checkpoints: ScanCheckpointsRepository,
    private readonly crashPoints: CrashPoints,
  ) {}

  /** Null: the scan has to begin. */
  async find({ context, claim }: Work): Promise<ScanCheckpoint | null> {
    return this.checkpoints.find(context, claim);
  }

  /** @throws LeaseLost */
  async execute({ context, claim, progress }: Work, checkpoint: ScanCheckpoint): Promise<void> {
    if (!(await this.checkpoints.save(context, claim, checkpoint, progress))) throw new LeaseLost();
    await this.crashPoints.reach('after-window');
  }
}
