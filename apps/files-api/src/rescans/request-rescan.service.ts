import { RescansRepository, type StepContext } from '@custody/data';
import { CustodyError, isUuid, type FileId, type VersionId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { validated } from '../requests/validation.js';
import { requestRescanSchema, type RequestedRescanView } from './rescans.schema.js';

/** Puts one version of a file into the queue of rescans, before all runs. */
@Injectable()
export class RequestRescan {
  constructor(private readonly rescans: RescansRepository) {}

  /**
   * @param version null: the one that speaks for the file.
   * Throws `FILE_NOT_FOUND`, `VERSION_NOT_FOUND`, `FILE_NOT_AVAILABLE`, `VERSION_NOT_AVAILABLE`, `validation-error`.
   */
  async execute(
    context: StepContext,
    fileId: FileId,
    version: string | null,
    body: unknown,
  ): Promise<RequestedRescanView> {
    const { reason } = validated(requestRescanSchema, body ?? {});
    const asked = await this.rescans.request(context, fileId, idOf(version), reason ?? null);
    switch (asked.outcome) {
      case 'no_file':
        throw new CustodyError('FILE_NOT_FOUND');
      case 'no_version':
        throw new CustodyError('VERSION_NOT_FOUND');
      case 'unavailable':
        throw new CustodyError(version === null ? 'FILE_NOT_AVAILABLE' : 'VERSION_NOT_AVAILABLE');
      case 'queued':
      case 'running':
        return {
          fileId,
          versionId: asked.versionId,
          state: asked.outcome,
          requestedAt: asked.requestedAt.toISOString(),
        };
    }
  }
}

const NO_VERSION = '00000000-0000-0000-0000-000000000000' as VersionId;

/** What is no UUID names no version, and is not found after the file was. */
function idOf(version: string | null): VersionId | null {
  if (version === null) return null;
  const id = version.toLowerCase();
  return isUuid(id) ? (id as VersionId) : NO_VERSION;
}
