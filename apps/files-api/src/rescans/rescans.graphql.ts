import { RESCAN_RUN_STATES, RESCAN_STOP_REASONS } from '@custody/data';
import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, enumType, inputType, objectType } from '../graphql/sdl.js';
import { requestedRescanSchema, rescanRunSchema, startRescanSchema } from './rescans.schema.js';

export const rescansGraphql: GraphqlPart = {
  types: `
    ${enumType('RescanState', RESCAN_RUN_STATES)}
    ${enumType('RescanStopReason', RESCAN_STOP_REASONS)}
    ${enumType('RequestedRescanState', requestedRescanSchema.shape.state.options)}
    ${objectType('Rescan', rescanRunSchema, {
      types: { state: 'RescanState', stopReason: 'RescanStopReason' },
    })}
    ${connectionType('Rescan')}
    ${objectType('RequestedRescan', requestedRescanSchema, { types: { state: 'RequestedRescanState' } })}
    ${inputType('StartRescanInput', startRescanSchema, { types: { scannedBefore: 'DateTime' } })}
  `,
  queries: `
    "A run of rescans over the tenant's files"
    rescan(id: ID!): Rescan @requires(scope: "files:admin")
    "Newest first"
    rescans(first: Int = 50, after: String): RescanConnection @requires(scope: "files:admin")
  `,
  mutations: `
    "Scans one version again, or the one that speaks for the file"
    rescanFile(fileId: ID!, versionId: ID, reason: String): RequestedRescan @requires(scope: "files:admin")
    "Scans the tenant's files again; the run that is under way when there is one"
    startRescan(input: StartRescanInput!): Rescan @requires(scope: "files:admin")
    "Rescans that are being done come to their end"
    stopRescan(runId: ID!): Rescan @requires(scope: "files:admin")
  `,
};
