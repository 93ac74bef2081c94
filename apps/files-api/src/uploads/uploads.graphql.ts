import type { GraphqlPart } from '../graphql/graphql-part.js';
import { inputType, objectType } from '../graphql/sdl.js';
import {
  confirmRequestSchema,
  confirmResponseSchema,
  presignRequestSchema,
  presignResponseSchema,
} from './uploads.schema.js';

export const uploadsGraphql: GraphqlPart = {
  types: `
    ${objectType('PresignedUpload', presignResponseSchema, {
      types: { method: 'String', status: 'FileStatus' },
      // Of a form upload, which this is not.
      omit: ['fields'],
    })}
    ${objectType('ConfirmedUpload', confirmResponseSchema, { types: { status: 'FileStatus' } })}
    ${inputType('PresignUploadInput', presignRequestSchema, { types: { bucket: 'Bucket', size: 'BigInt' } })}
    ${inputType('ConfirmUploadInput', confirmRequestSchema)}
  `,
  mutations: `
    "A file that waits for its bytes, and the URL to PUT them to; into a subject when one is given."
    presignUpload(input: PresignUploadInput!, subject: SubjectInput): PresignedUpload @requires(scope: "files:write")
    "The bytes are there: scan them now. May be repeated."
    confirmUpload(fileId: ID!, input: ConfirmUploadInput): ConfirmedUpload @requires(scope: "files:write")
  `,
};
