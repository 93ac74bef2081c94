import type { GraphqlPart } from '../graphql/graphql-part.js';
import { enumType, inputType, objectType } from '../graphql/sdl.js';
import {
  downloadUrlRequestSchema,
  downloadUrlResponseSchema,
  fileChangesSchema,
  fileViewSchema,
} from './files.schema.js';

const { derived, scan, scanProgress } = fileViewSchema.shape;

export const filesGraphql: GraphqlPart = {
  types: `
    ${objectType('File', fileViewSchema, {
      types: {
        size: 'BigInt',
        bucket: 'Bucket',
        status: 'FileStatus',
        stage: 'VersionStage',
        rejectReason: 'RejectReason',
        subjects: 'Subject',
        derived: 'DerivedData',
        scan: 'Scan',
        scanProgress: 'ScanProgress',
      },
      more: `
        "The same as fileId: what clients cache by"
        id: ID!
        "null: in the root"
        folder: Folder @requires(scope: "files:read")
        "Newest first; more of them by Query.versions"
        versions(first: Int = 10): VersionConnection @requires(scope: "files:read")
        "Of 15 minutes, written to the audit log; null unless available"
        downloadUrl: DownloadUrl @requires(scope: "files:export")
        "Written to the audit log; null while there is none, thumbnails and derived say why"
        thumbnailUrl(size: Int = 512, format: ThumbnailFormat = webp): ThumbnailUrl @requires(scope: "files:export")
      `,
    })}
    ${enumType('DerivedStatus', derived.shape.status.options)}
    ${objectType('DerivedData', derived, { types: { status: 'DerivedStatus' } })}
    ${enumType('Coverage', scan.unwrap().shape.coverage.options)}
    ${objectType('Scan', scan.unwrap(), { types: { coverage: 'Coverage' } })}
    ${objectType('ScanProgress', scanProgress.unwrap(), { types: { scannedBytes: 'BigInt', totalBytes: 'BigInt' } })}
    ${objectType('DownloadUrl', downloadUrlResponseSchema)}
    ${inputType('FileChangesInput', fileChangesSchema, { types: { folderId: 'ID' } })}
    ${inputType('DownloadUrlInput', downloadUrlRequestSchema)}
  `,
  queries: `
    file(id: ID!): File @requires(scope: "files:read")
  `,
  mutations: `
    "A member that is absent stays as it is. ifMatch: entity tags as in REST; another state is PRECONDITION_FAILED."
    updateFile(fileId: ID!, changes: FileChangesInput!, ifMatch: String): File @requires(scope: "files:write")
    "The id of the file, which can be restored until its retention is over"
    deleteFile(fileId: ID!): ID @requires(scope: "files:write")
    restoreFile(fileId: ID!): File @requires(scope: "files:write")
    "Fresh at every call, written to the audit log"
    createDownloadUrl(fileId: ID!, input: DownloadUrlInput): DownloadUrl @requires(scope: "files:export")
  `,
};
