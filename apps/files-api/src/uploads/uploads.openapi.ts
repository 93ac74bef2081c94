import { answerOf, fileIdParameter, jsonSchema, requestOf, type Doors } from '../openapi/operation.js';
import {
  confirmRequestSchema,
  confirmResponseSchema,
  presignRequestSchema,
  presignResponseSchema,
  uploadFormSchema,
  uploadResponseSchema,
} from './uploads.schema.js';

const formSchema = jsonSchema(uploadFormSchema, 'input') as { properties: object; required: string[] };
const fileSchema = { type: 'string', format: 'binary', description: 'Exactly one, at any place among the parts' };

export const uploadDoors: Doors = {
  'POST /v1/files/presign': {
    tag: 'uploads',
    summary: 'Ask for an upload URL',
    description:
      'PUT exactly `size` bytes to `uploadUrl` with `headers`, then confirm. With `multipart: true` the answer is a plan of parts ' +
      'instead, whose URLs `POST /v1/files/{fileId}/multipart/parts` signs. A size over the limit of its type is refused; a type ' +
      'that is not catalogued counts as application/octet-stream.',
    creates: true,
    scope: 'files:write',
    requestBody: requestOf(presignRequestSchema),
    responses: { 201: answerOf(presignResponseSchema, 'The upload is expected') },
    refusals: [
      'UPLOAD_NOT_AWAITED',
      'validation-error',
      'ACCESS_GROUP_NOT_FOUND',
      'FOLDER_NOT_FOUND',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'STAGING_LIMIT_EXCEEDED',
      'STORE_UNAVAILABLE',
    ],
  },
  'POST /v1/files/presign/{fileId}/confirm': {
    tag: 'uploads',
    summary: 'Say that the bytes have arrived',
    description:
      'Checks size and first bytes, fixes the object version and asks for its scan. May be repeated: the answer, a refusal ' +
      'included, stays the same. Optional: an upload nobody confirms is found by itself.',
    scope: 'files:write',
    parameters: [fileIdParameter],
    requestBody: requestOf(confirmRequestSchema, 'application/json', false),
    responses: { 200: answerOf(confirmResponseSchema, 'Where the upload stands') },
    refusals: [
      'validation-error',
      'FILE_NOT_FOUND',
      'ACCESS_GROUP_NOT_FOUND',
      'UPLOAD_NOT_FOUND',
      'UPLOAD_INCOMPLETE',
      'EMPTY_FILE',
      'SIZE_MISMATCH',
      'MIME_TYPE_MISMATCH',
      'CHECKSUM_MISMATCH',
      'STORE_UNAVAILABLE',
    ],
  },
  'POST /v1/files/upload': {
    tag: 'uploads',
    summary: 'Upload through the service',
    description: 'For clients that cannot PUT to the store. Streamed; the same rules and the same scan.',
    creates: true,
    scope: 'files:write',
    requestBody: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            ...formSchema,
            properties: { file: fileSchema, ...formSchema.properties },
            required: ['file', ...formSchema.required],
          },
        },
      },
    },
    responses: { 201: answerOf(uploadResponseSchema, 'Stored and waiting for its scan') },
    refusals: [
      'validation-error',
      'ACCESS_GROUP_NOT_FOUND',
      'FOLDER_NOT_FOUND',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'EMPTY_FILE',
      'MIME_TYPE_MISMATCH',
      'STAGING_LIMIT_EXCEEDED',
      'STORE_UNAVAILABLE',
    ],
  },
};
