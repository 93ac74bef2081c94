import { Injectable } from '@nestjs/common';
import type { EngineVersion } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';
import type { Claim, ScanReach } from './versions.repository.js';

/** Of an archive that the engine cannot take whole: how many of its files were clean, in the order of their bytes. */
export interface MembersCheckpoint {
  readonly members: number;
  /** Where the next one begins in a tar; 0 in what has a directory. */
  readonly position: number;
  /** Bytes of the next one whose windows were clean. */
  readonly offset: number;
  /** Unpacked so far, without the next one. */
  readonly bytes: number;
  /** Some of them were larger than what the engine takes. */
  readonly windowed: boolean;
  readonly finished: boolean;
}

/** All bytes before `offset` are in `hash` (the state of the hash function, base64), and their windows were clean. */
export interface ScanCheckpoint {
  readonly offset: number;
  readonly hash: string;
  /** What scanned the first window: the verdict must not claim newer signatures. */
  readonly engine: EngineVersion;
  /** Absent: the file is no archive. */
  readonly archive?: MembersCheckpoint;
}

/** How far the scan of a file in windows has come, so that a crash costs one window (S12). */
@Injectable()
export class ScanCheckpointsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Null: none yet, or the claim is not ours any more. */
  async find(context: StepContext, { versionId, epoch, rescan }: Claim): Promise<ScanCheckpoint | null> {
    const [row] = await this.database.call<{ checkpoint: ScanCheckpoint | null }>(
      context,
      rescan
        ? 'SELECT find_rescan_checkpoint($1, $2, $3) AS checkpoint'
        : 'SELECT find_scan_checkpoint($1, $2, $3) AS checkpoint',
      [versionId, epoch],
    );
    return row?.checkpoint ?? null;
  }

  /** False: the claim is not ours any more, and nothing was written. */
  async save(
    context: StepContext,
    { versionId, epoch, rescan }: Claim,
    checkpoint: ScanCheckpoint,
    { scannedBytes, totalBytes }: ScanReach,
  ): Promise<boolean> {
    const values = [versionId, epoch, JSON.stringify(checkpoint)];
    // Nobody waits for a rescan: it tells no progress.
    const [row] = await (rescan
      ? this.database.call<{ saved: boolean }>(
          context,
          'SELECT save_rescan_checkpoint($1, $2, $3, $4) AS saved',
          values,
        )
      : this.database.call<{ saved: boolean }>(
          context,
          'SELECT save_scan_checkpoint($1, $2, $3, $4, $5, $6) AS saved',
          [...values, scannedBytes, totalBytes],
        ));
    return row?.saved ?? false;
  }
}
