import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, inputType, objectType } from '../graphql/sdl.js';
import { presignVersionRequestSchema, versionViewSchema } from './versions.schema.js';

export const versionsGraphql: GraphqlPart = {
  types: `
    ${objectType('Version', versionViewSchema, {
      types: {
        size: 'BigInt',
        status: 'FileStatus',
        stage: 'VersionStage',
        rejectReason: 'RejectReason',
        scan: 'Scan',
        scanProgress: 'ScanProgress',
      },
      more: `
        "The same as versionId: what clients cache by"
        id: ID!
      `,
    })}
    ${connectionType('Version')}
    ${inputType('PresignVersionInput', presignVersionRequestSchema, { types: { size: 'BigInt' } })}
  `,
  queries: `
    "Of one file, newest first, whatever became of them"
    versions(fileId: ID!, first: Int = 50, after: String): VersionConnection @requires(scope: "files:read")
  `,
  mutations: `
    "The version there is serves until the new one is available"
    presignVersion(fileId: ID!, input: PresignVersionInput!): PresignedUpload @requires(scope: "files:write")
    "Lets an available version speak for its file"
    restoreVersion(fileId: ID!, versionId: ID!): File @requires(scope: "files:write")
    "The id of a held version that is let through, for this reason"
    releaseVersion(fileId: ID!, versionId: ID!, reason: String!): ID @requires(scope: "files:admin")
    "The id of a held version that is refused, for this reason"
    rejectVersion(fileId: ID!, versionId: ID!, reason: String!): ID @requires(scope: "files:admin")
  `,
};
