import { Injectable } from '@nestjs/common';
import type {
  AccessGroupId,
  Bucket,
  FileId,
  FolderId,
  RejectReason,
  Subject,
  UserId,
  VersionId,
} from '@custody/domain';
import type { OnceContext, StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';
import type { UploadStep, VersionRecord } from './records.js';

export interface NewUpload {
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly bucket: Bucket;
  readonly filename: string;
  /** The catalogued type; `declaredMimeType` keeps what the client said. */
  readonly mimeType: string;
  readonly declaredMimeType: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly metadata: Record<string, unknown>;
  readonly createdBy: UserId;
  readonly placement?: Placement | undefined;
}

/** Where a new file belongs from its first moment on. */
export interface Placement {
  readonly accessGroupId?: AccessGroupId | undefined;
  readonly folderId?: FolderId | undefined;
  /** Linked when the upload is confirmed. */
  readonly subject?: Subject | undefined;
}

/** A pending upload as the first request of its Idempotency-Key made it. */
export interface PendingUpload {
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly createdAt: Date;
  /** False: its bytes have arrived, or nobody waits for them any more. */
  readonly awaited: boolean;
}

/** What the store holds for an upload: the pin, and what its first bytes look like. */
export interface Arrival {
  readonly storeVersion: string;
  readonly etag: string;
  readonly size: number;
  readonly sniffedMimeType: string | null;
}

/** Rounded as the column is: the time given out must be the time read back. */
const INITIATE =
  'SELECT initiate_upload($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)::timestamptz(3) AS created_at';
/** The same transaction; only uploads that belong somewhere pay for it. */
const INITIATE_PLACED = `WITH made AS MATERIALIZED (${INITIATE})
  SELECT created_at, CASE WHEN created_at IS NOT NULL THEN place_file($1, $2, $13) END FROM made`;
const INITIATE_ONCE = 'SELECT * FROM initiate_upload_once($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)';

/** Steps 1 and 2 of the order of writes: initiate and confirm. */
@Injectable()
export class UploadsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Takes one of `maxPending` places and creates file and version; null when all places are taken (M12). Throws
   * `ACCESS_GROUP_NOT_FOUND`, `FOLDER_NOT_FOUND`; then nothing was taken or created.
   */
  async createPending(context: StepContext, upload: NewUpload, maxPending: number): Promise<Date | null> {
    const [row] = await this.database.call<{ createdAt: Date | null }>(
      context,
      upload.placement === undefined ? INITIATE : INITIATE_PLACED,
      [...valuesOf(upload, maxPending), ...(upload.placement === undefined ? [] : [JSON.stringify(upload.placement)])],
    );
    return row?.createdAt ?? null;
  }

  /** The same once a key: a replay gives the ids of the first request. Throws `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_KEY_IN_FLIGHT` too. */
  async createPendingOnce(context: OnceContext, upload: NewUpload, maxPending: number): Promise<PendingUpload | null> {
    const placement = upload.placement === undefined ? null : JSON.stringify(upload.placement);
    type Row = Omit<PendingUpload, 'createdAt'> & { createdAt: Date | null; replayed: boolean };
    const [row] = await this.database.call<Row>(context, INITIATE_ONCE, [...valuesOf(upload, maxPending), placement]);
    if (row?.createdAt === undefined || row.createdAt === null) return null;
    context.once.replayed = row.replayed;
    return { ...row, createdAt: row.createdAt };
  }

  /**
   * Deletes a file whose upload could not be finished and forgets its key: the client is told to try again. False: there is nothing to
   * delete, or another request with the same key has finished it, and it stands.
   */
  async withdraw(
    context: StepContext,
    { fileId, versionId }: Pick<NewUpload, 'fileId' | 'versionId'>,
  ): Promise<boolean> {
    const [row] = await this.database.call<{ withdrawn: boolean }>(
      context,
      'SELECT withdraw_upload($1, $2, $3) AS withdrawn',
      [fileId, versionId],
    );
    return row?.withdrawn ?? false;
  }

  /** Bytes of an upload of undeclared size, at most; to be written down before anything is signed for it. False: the upload is over. */
  async limit(context: StepContext, versionId: VersionId, limit: number): Promise<boolean> {
    const [row] = await this.database.call<{ limited: boolean }>(
      context,
      'SELECT limit_upload($1, $2, $3) AS limited',
      [versionId, limit],
    );
    return row?.limited ?? false;
  }

  /** Files of the tenant that wait for a verdict: advice before work is begun; `createPending` decides. */
  async countPending(context: StepContext): Promise<number> {
    const [row] = await this.database.call<{ pending: number }>(context, 'SELECT pending_files($1) AS pending');
    return row?.pending ?? 0;
  }

  /** The version behind an upload (the newest when `versionId` is null), of deleted files too; null when the tenant has none such. */
  async find(context: StepContext, fileId: FileId, versionId: VersionId | null): Promise<VersionRecord | null> {
    const rows = await this.database.call<VersionRecord>(context, 'SELECT * FROM find_upload($1, $2, $3)', [
      fileId,
      versionId,
    ]);
    return rows[0] ?? null;
  }

  /** awaiting_upload → uploaded with the pin. Null: no such version. */
  async recordArrival(context: StepContext, versionId: VersionId, arrival: Arrival): Promise<UploadStep | null> {
    const rows = await this.database.call<UploadStep>(context, 'SELECT * FROM record_upload($1, $2, $3, $4, $5, $6)', [
      versionId,
      arrival.storeVersion,
      arrival.etag,
      arrival.size,
      arrival.sniffedMimeType,
    ]);
    return rows[0] ?? null;
  }

  /** awaiting_upload → rejected with what was found. Null: no such version. */
  async rejectArrival(
    context: StepContext,
    versionId: VersionId,
    arrival: Arrival,
    reason: RejectReason,
    detail: string,
  ): Promise<UploadStep | null> {
    const rows = await this.database.call<UploadStep>(
      context,
      'SELECT * FROM reject_upload($1, $2, $3, $4, $5, $6, $7, $8)',
      [versionId, reason, detail, arrival.storeVersion, arrival.etag, arrival.size, arrival.sniffedMimeType],
    );
    return rows[0] ?? null;
  }
}

function valuesOf(upload: NewUpload, maxPending: number): readonly unknown[] {
  return [
    upload.fileId,
    upload.versionId,
    upload.bucket,
    upload.filename,
    upload.mimeType,
    upload.declaredMimeType,
    upload.size,
    upload.sha256,
    JSON.stringify(upload.metadata),
    upload.createdBy,
    maxPending,
  ];
}
