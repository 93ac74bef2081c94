import type { OutboxEvent } from '@custody/contracts';
import type {
  AccessGroupId,
  Bucket,
  Coverage,
  Derivation,
  FileId,
  FolderId,
  RejectReason,
  Subject,
  TenantId,
  UserId,
  VersionId,
  VersionState,
} from '@custody/domain';

/** How far a running scan has come; `totalBytes` may be more than the file has, where bytes are read twice. */
export interface ScanProgressRecord {
  readonly scannedBytes: number;
  readonly totalBytes: number;
  /** When it was written, ISO 8601 UTC. */
  readonly at: string;
}

/** A file with the version that speaks for it (view file_details). Sizes in bytes, hashes in lower-case hex. */
export interface FileRecord {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly bucket: Bucket;
  readonly filename: string;
  readonly metadata: Record<string, unknown>;
  readonly createdBy: UserId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly versionId: VersionId;
  readonly state: VersionState;
  readonly rejectReason: RejectReason | null;
  readonly rejectDetail: string | null;
  readonly mimeType: string;
  readonly declaredMimeType: string;
  readonly declaredSize: number;
  readonly declaredSha256: string | null;
  readonly storeVersion: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly verdict: string | null;
  readonly coverage: Coverage | null;
  readonly engineVersion: string | null;
  readonly signatureVersion: string | null;
  readonly scannedAt: Date | null;
  /** Null before the first report of a scan, and once there is a verdict. */
  readonly scanProgress: ScanProgressRecord | null;
  /** What is derived from its type; null: nothing. */
  readonly derivation: Derivation | null;
  /** Null while it is still to be done, or when there is nothing to do. */
  readonly derivationStatus: 'done' | 'failed' | null;
  readonly derivationReason: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly pageCount: number | null;
  /** Sizes of the thumbnails that exist, each in every format. */
  readonly thumbnails: readonly number[];
  /** Null: in the root. */
  readonly folderId: FolderId | null;
  /** `/a/b`, `/` for the root; null while the reaper empties a deleted folder above it. */
  readonly folderPath: string | null;
  readonly notes: string | null;
  /** Without quotes; changes with everything a client sees of the file. */
  readonly entityTag: string;
  readonly accessGroupId: AccessGroupId | null;
  readonly isValid: boolean;
  readonly subjects: readonly Subject[];
}

/** What the doors to bytes need of a file, or of one version of it (view served_files). */
export type ServedVersion = Pick<
  FileRecord,
  'tenantId' | 'fileId' | 'versionId' | 'bucket' | 'filename' | 'mimeType' | 'state' | 'size' | 'sha256'
>;

/** A folder (view folder_details). `parentId` null: in the root. */
export interface FolderRecord {
  readonly folderId: FolderId;
  readonly parentId: FolderId | null;
  readonly name: string;
  readonly path: string;
  readonly createdBy: UserId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly entityTag: string;
}

/** One version of a file as its readers see it (view version_details). `current`: it speaks for the file. */
export interface FileVersionRecord extends Pick<
  FileRecord,
  | 'tenantId'
  | 'fileId'
  | 'versionId'
  | 'bucket'
  | 'filename'
  | 'state'
  | 'rejectReason'
  | 'mimeType'
  | 'declaredSize'
  | 'size'
  | 'sha256'
  | 'coverage'
  | 'engineVersion'
  | 'signatureVersion'
  | 'scannedAt'
  | 'scanProgress'
  | 'createdBy'
  | 'createdAt'
> {
  readonly current: boolean;
}

/** One version as the pipeline works on it (table file_versions). */
export interface VersionRecord {
  readonly tenantId: TenantId;
  readonly id: VersionId;
  readonly fileId: FileId;
  readonly state: VersionState;
  readonly rejectReason: RejectReason | null;
  readonly rejectDetail: string | null;
  readonly epoch: number;
  readonly starts: number;
  readonly mimeType: string;
  readonly declaredMimeType: string;
  /** `UNDECLARED_SIZE` where the client did not say; `sizeLimit` holds then. */
  readonly declaredSize: number;
  readonly sizeLimit: number | null;
  readonly declaredSha256: string | null;
  readonly storeVersion: string | null;
  readonly etag: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly sniffedMimeType: string | null;
  /** The store's id of its multipart upload; null: one PUT. */
  readonly multipartId: string | null;
  /** Bytes of every part but the last; null: one PUT, or the client cuts the parts. */
  readonly partSize: number | null;
}

/** A version a worker holds, with what its promotion needs of its file, and the request that asked for its scan. */
export interface ClaimedVersion extends VersionRecord {
  readonly bucket: Bucket;
  readonly filename: string;
  readonly requestId: string | null;
  readonly traceparent: string | null;
}

/** The outcome of a compare-and-set. `applied` false: somebody else was first, and `events` is empty. */
export interface Step {
  readonly applied: boolean;
  readonly events: OutboxEvent[];
}

/** A step on an upload, with the state that holds now. */
export interface UploadStep extends Step {
  readonly state: VersionState;
  readonly rejectReason: RejectReason | null;
}
