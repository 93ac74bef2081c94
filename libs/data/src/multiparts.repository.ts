import { Injectable } from '@nestjs/common';
import type { FileId, VersionId } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** A version's multipart upload: the store's id of it, and bytes of every part but the last; null where its client cuts the parts. */
export interface Multipart {
  readonly multipartId: string;
  readonly partSize: number | null;
}

export type AbortedUpload =
  | { readonly outcome: 'aborted'; readonly versionId: VersionId }
  | { readonly outcome: 'no_file' | 'no_multipart'; readonly versionId: null };

/** Uploads in parts (M6), from the first to the last of them. */
@Injectable()
export class MultipartsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The first one written down stays, and is returned. Null: the version does not await its upload. */
  async open(context: StepContext, versionId: VersionId, multipart: Multipart): Promise<Multipart | null> {
    const rows = await this.database.call<Multipart>(context, 'SELECT * FROM open_multipart($1, $2, $3, $4)', [
      versionId,
      multipart.multipartId,
      multipart.partSize,
    ]);
    return rows[0] ?? null;
  }

  /** Writes the audit row of part URLs about to be signed; `detail` must not hold them. False: it takes no parts any more. */
  async grantParts(context: StepContext, versionId: VersionId, detail: Record<string, unknown>): Promise<boolean> {
    const [row] = await this.database.call<{ granted: boolean }>(context, 'SELECT grant_parts($1, $2, $3) AS granted', [
      versionId,
      JSON.stringify(detail),
    ]);
    return row?.granted ?? false;
  }

  /** Ends an upload of a file (the newest when `versionId` is null), and the file when it has no other version. */
  async abort(context: StepContext, fileId: FileId, versionId: VersionId | null): Promise<AbortedUpload> {
    const [row] = await this.database.call<AbortedUpload>(context, 'SELECT * FROM abort_multipart($1, $2, $3)', [
      fileId,
      versionId,
    ]);
    return row ?? { outcome: 'no_file', versionId: null };
  }
}
