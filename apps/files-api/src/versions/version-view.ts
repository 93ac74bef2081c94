import type { FileVersionRecord } from '@custody/data';
import { statusOf } from '@custody/domain';
import { scanOf } from '../files/file-view.js';
import type { VersionView } from './versions.schema.js';

export function versionView(version: FileVersionRecord, publicUrl: string): VersionView {
  const { fileId, versionId, current, state, rejectReason, mimeType, sha256 } = version;
  const content = `${publicUrl}/v1/files/${fileId}/content?versionId=${versionId}`;
  return {
    versionId,
    current,
    status: statusOf(state),
    stage: state,
    rejectReason,
    mimeType,
    size: version.size ?? version.declaredSize,
    sha256,
    url: state === 'available' ? content : null,
    createdAt: version.createdAt.toISOString(),
    uploadedBy: version.createdBy,
    scan: scanOf(version),
    scanProgress: version.scanProgress,
  };
}
