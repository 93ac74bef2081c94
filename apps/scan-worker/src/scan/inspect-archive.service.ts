import { tmpdir } from 'node:os';
import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@custody/storage';
import type { ScanPass } from '../antivirus/scan-pass.js';
import { inspectArchive } from '../inspect/inspect-archive.js';
import { INSPECTION_DEFAULTS } from '../inspect/inspection.js';
import { pinnedAccess } from './pinned-access.js';
import { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

/** Looks inside what the engine called clean: it cuts large members and skips unknown packing without a word (S13). */
@Injectable()
export class InspectArchive {
  constructor(
    private readonly store: ObjectStore,
    private readonly settings: ScanSettings,
  ) {}

  /** Why the inside cannot be vouched for; null when it can, or when there is none. @throws as the pass does. */
  async execute(work: Work, pass: ScanPass): Promise<string | null> {
    const { maxStreamBytes } = this.settings;
    const limits = {
      ...INSPECTION_DEFAULTS,
      maxMemberBytes: Math.min(INSPECTION_DEFAULTS.maxMemberBytes, maxStreamBytes),
      scratchDirectory: tmpdir(),
    };
    const result = await inspectArchive(pinnedAccess(this.store, work, pass), limits, work.signal);
    return result.kind === 'ok' ? null : `${result.reason}: ${result.detail}`;
  }
}
