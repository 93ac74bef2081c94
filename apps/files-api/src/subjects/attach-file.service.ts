import type { FilesApiConfig } from '@custody/config';
import type { AttachFilePayload } from '@custody/contracts';
import { SubjectLinksRepository } from '@custody/data';
import type { TenantId } from '@custody/domain';
import { currentMeta } from '@custody/observability';
import { RefuseJob, WaitAndRetry } from '@custody/queues';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { parkingOf } from './parking.js';

/** Links a file to a subject because another service says so (M44). */
@Injectable()
export class AttachFile {
  constructor(
    private readonly links: SubjectLinksRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * `starts`: runs begun for this event. Throws `WaitAndRetry` while the file may still come, `RefuseJob` for one that is deleted or
   * did not come in time. A file of another tenant is one that never comes: nobody learns that it exists (S34).
   */
  async execute(event: AttachFilePayload, starts: number): Promise<void> {
    const context = {
      tenantId: event.tenantId.toLowerCase() as TenantId,
      actor: 'system:attach-file',
      ...currentMeta(),
    } as const;
    const outcome = await this.links.attach(context, event);
    switch (outcome) {
      case 'linked':
      case 'repeated':
        return;
      case 'deleted':
        throw new RefuseJob(`file ${event.fileId} is deleted`);
      case 'missing': {
        const waitMs = parkingOf(starts, this.config.attach.parkSec * 1_000);
        const reason = `tenant ${event.tenantId} has no file ${event.fileId}`;
        throw waitMs === null ? new RefuseJob(reason) : new WaitAndRetry(waitMs, reason);
      }
    }
  }
}
