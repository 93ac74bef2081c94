import { FileVersionsRepository, RescansRepository, type HeldDecision, type StepContext } from '@custody/data';
import { CustodyError, isUuid, type FileId, type VersionId } from '@custody/domain';
import { OutboxPublisher } from '@custody/queues';
import { Injectable } from '@nestjs/common';
import { ReadFile } from '../files/read-file.service.js';
import { validated } from '../requests/validation.js';
import { heldDecisionSchema } from './versions.schema.js';

/** An administrator decides about bytes that no engine saw (S17). A release is promoted by the worker, as after a scan. */
@Injectable()
export class DecideHeld {
  constructor(
    private readonly readFile: ReadFile,
    private readonly versions: FileVersionsRepository,
    private readonly rescans: RescansRepository,
    private readonly publisher: OutboxPublisher,
  ) {}

  /**
   * The body is looked at after the file, so that a file of somebody else answers 404 whatever was sent.
   * Throws `FILE_NOT_FOUND`, `validation-error`, `VERSION_NOT_FOUND`, `VERSION_NOT_HELD`.
   */
  async execute(
    context: StepContext,
    fileId: FileId,
    version: string,
    decision: HeldDecision,
    body: unknown,
  ): Promise<void> {
    const versionId = version.toLowerCase();
    await this.readFile.execute(context, fileId);
    const { reason } = validated(heldDecisionSchema, body ?? {});
    if (!isUuid(versionId)) throw new CustodyError('VERSION_NOT_FOUND');
    const decided = await this.versions.decideHeld(context, fileId, versionId as VersionId, decision, reason);
    switch (decided.outcome) {
      case 'no_file':
        throw new CustodyError('FILE_NOT_FOUND');
      case 'no_version':
        throw new CustodyError('VERSION_NOT_FOUND');
      case 'not_held':
        throw await this.notHeld(context, fileId, versionId as VersionId);
      case 'decided':
        this.publisher.publishAfterCommit(decided.events);
    }
  }

  private async notHeld(context: StepContext, fileId: FileId, versionId: VersionId): Promise<CustodyError> {
    const withdrawn = await this.rescans.withdrawal(context, fileId, versionId);
    if (withdrawn === null) return new CustodyError('VERSION_NOT_HELD');
    const at = withdrawn.withdrawnAt.toISOString();
    const detail = `A rescan withdrew it at ${at} and its bytes are gone: if they are harmless, they have to be uploaded again.`;
    return new CustodyError('VERSION_NOT_HELD', detail);
  }
}
