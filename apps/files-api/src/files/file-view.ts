import type { FileRecord } from '@custody/data';
import { statusOf } from '@custody/domain';
import type { FileView } from './files.schema.js';

/** A file as a client sees it. No URL of the store ever appears here: those are granted one by one (M37). */
export function fileView(file: FileRecord, publicUrl: string): FileView {
  const { fileId, versionId, filename, mimeType, bucket, state, rejectReason, sha256, metadata, notes } = file;
  return {
    fileId,
    versionId,
    filename,
    mimeType,
    size: file.size ?? file.declaredSize,
    bucket,
    status: statusOf(state),
    stage: state,
    rejectReason,
    sha256,
    metadata,
    notes,
    folderId: file.folderId,
    folderPath: file.folderPath,
    url: state === 'available' ? `${publicUrl}/v1/files/${fileId}/content` : null,
    createdAt: file.createdAt.toISOString(),
    updatedAt: file.updatedAt.toISOString(),
    uploadedBy: file.createdBy,
    accessGroupId: file.accessGroupId,
    isValid: file.isValid,
    subjects: [...file.subjects],
    width: file.width,
    height: file.height,
    pageCount: file.pageCount,
    thumbnails: [...file.thumbnails],
    derived: derivedOf(file),
    scan: scanOf(file),
    scanProgress: file.scanProgress,
  };
}

function derivedOf({ derivation, derivationStatus, derivationReason }: FileRecord): FileView['derived'] {
  if (derivation === null) return { status: 'none', reason: null };
  return { status: derivationStatus ?? 'pending', reason: derivationReason };
}

/** The verdict over a version, as its readers see it. */
export function scanOf({
  scannedAt,
  coverage,
  engineVersion,
  signatureVersion,
}: Pick<FileRecord, 'scannedAt' | 'coverage' | 'engineVersion' | 'signatureVersion'>): FileView['scan'] {
  if (scannedAt === null || coverage === null) return null;
  return { coverage, engineVersion, signatureVersion, scannedAt: scannedAt.toISOString() };
}
