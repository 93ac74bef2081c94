import type { GraphqlPart } from '../graphql/graphql-part.js';
import { inputType, objectType } from '../graphql/sdl.js';
import {
  confirmRequestSchema,
  confirmResponseSchema,
  partPlanSchema,
  presignRequestSchema,
  singlePutSchema,
} from './uploads.schema.js';

/** Either a PUT or a plan of parts. */
const presignedUploadSchema = singlePutSchema
  .partial({ uploadUrl: true, method: true, headers: true, expiresAt: true })
  .extend({
    multipart: partPlanSchema.optional().meta({ description: 'Of an upload in parts, which has no uploadUrl' }),
  });

export const uploadsGraphql: GraphqlPart = {
  types: `
    ${objectType('PresignedUpload', presignedUploadSchema, {
      types: { method: 'String', status: 'FileStatus', multipart: 'PartPlan' },
      // Of a form upload, which this is not.
      omit: ['fields'],
    })}
    ${objectType('PartPlan', partPlanSchema, { types: { partSize: 'BigInt' } })}
    ${objectType('ConfirmedUpload', confirmResponseSchema, { types: { status: 'FileStatus' } })}
    ${inputType('PresignUploadInput', presignRequestSchema, { types: { bucket: 'Bucket', size: 'BigInt', folderId: 'ID' } })}
    ${inputType('ConfirmUploadInput', confirmRequestSchema)}
  `,
  mutations: `
    "A file that waits for its bytes, and the URL to PUT them to; into a subject when one is given."
    presignUpload(input: PresignUploadInput!, subject: SubjectInput): PresignedUpload @requires(scope: "files:write")
    "The bytes are there: scan them now. May be repeated."
    confirmUpload(fileId: ID!, input: ConfirmUploadInput): ConfirmedUpload @requires(scope: "files:write")
  `,
};
