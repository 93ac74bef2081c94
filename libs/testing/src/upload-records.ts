import { newId, type Bucket, type FileId, type TenantId, type UserId, type VersionId } from '@custody/domain';

/** An upload as an initiate writes it. */
interface UploadRecord {
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly bucket: Bucket;
  readonly filename: string;
  readonly mimeType: string;
  readonly declaredMimeType: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly metadata: Record<string, unknown>;
  readonly createdBy: UserId;
}

/** A PDF of 10 bytes for the bucket `documents`, with ids of its own. */
export function uploadRecord(change: Partial<UploadRecord> = {}): UploadRecord {
  return {
    fileId: newId<FileId>(),
    versionId: newId<VersionId>(),
    bucket: 'documents',
    filename: 'a.pdf',
    mimeType: 'application/pdf',
    declaredMimeType: 'application/pdf',
    size: 10,
    sha256: null,
    metadata: {},
    createdBy: newId<UserId>(),
    ...change,
  };
}

/** A step by a user nobody else is, in a tenant nobody else has unless one is given. */
export function userContext(tenantId = newId<TenantId>()) {
  return { tenantId, actor: `user:${newId<UserId>()}` as const, requestId: 'request-1' };
}

/** What a scan that found nothing records for bytes with this SHA-256. */
export function cleanVerdict(sha256: string) {
  return {
    state: 'clean',
    rejectReason: null,
    detail: null,
    verdict: 'clean',
    signature: null,
    coverage: 'full',
    engine: { engine: 'ClamAV 1', signatures: '1', signaturesAt: null },
    sha256,
    sniffedMimeType: null,
  } as const;
}
