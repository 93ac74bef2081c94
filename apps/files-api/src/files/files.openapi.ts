import {
  answerOf,
  etag,
  fileIdParameter,
  header,
  headersOf,
  ifMatch,
  queryParameter,
  requestOf,
  type Door,
  type Doors,
} from '../openapi/operation.js';
import {
  downloadUrlRequestSchema,
  downloadUrlResponseSchema,
  fileChangesSchema,
  fileViewSchema,
} from './files.schema.js';

const anyBytes = { '*/*': { schema: { type: 'string', format: 'binary' } } };
const contentHeaders = {
  ETag: 'The SHA-256 of the file',
  'Accept-Ranges': '`bytes`',
  'Content-Disposition': 'The filename; attachment unless the type is safe to show',
  'Content-Length': 'Bytes of this answer',
};
const wholeHeaders = headersOf(contentHeaders);
const partHeaders = headersOf({ ...contentHeaders, 'Content-Range': '`bytes first-last/size`' });

const oneVersion = queryParameter('versionId', 'One version of the file; absent: the one that speaks for it', {
  type: 'string',
  format: 'uuid',
});

const reading: Door = {
  tag: 'files',
  summary: 'Read what is known of a file',
  scope: 'files:read',
  parameters: [fileIdParameter, header('If-None-Match', 'ETags the client has already')],
  responses: {
    200: answerOf(fileViewSchema, 'The file', etag),
    304: { description: 'The client has it', headers: headersOf(etag) },
  },
  refusals: ['FILE_NOT_FOUND'],
};

const content: Door = {
  tag: 'files',
  summary: 'Read the bytes',
  description:
    'One byte range is honoured; several ranges, other units and malformed ranges are ignored (RFC 9110, 14.2). Pages of the ' +
    'configured origins may read it (CORS, Cross-Origin-Resource-Policy). Types a browser ' +
    'could run are sent as application/octet-stream.',
  scope: 'files:read',
  parameters: [
    fileIdParameter,
    oneVersion,
    header('Range', '`bytes=first-last`, `bytes=first-` or `bytes=-length`'),
    header('If-Range', 'An ETag: the range counts only while it names the file'),
    header('If-None-Match', 'ETags the client has already'),
  ],
  responses: {
    200: { description: 'All bytes', headers: wholeHeaders, content: anyBytes },
    206: { description: 'The range', headers: partHeaders, content: anyBytes },
    304: { description: 'The client has it', headers: headersOf({ ETag: contentHeaders.ETag }) },
  },
  refusals: ['FILE_NOT_FOUND', 'FILE_WITHDRAWN', 'FILE_NOT_AVAILABLE', 'RANGE_NOT_SATISFIABLE', 'STORE_UNAVAILABLE'],
};

export const fileDoors: Doors = {
  'GET /v1/files/{fileId}': reading,
  'HEAD /v1/files/{fileId}': {
    ...reading,
    summary: 'Whether a file is there',
    responses: {
      200: { description: 'It is', headers: headersOf(etag) },
      304: { description: 'The client has it', headers: headersOf(etag) },
    },
  },
  'PATCH /v1/files/{fileId}': {
    tag: 'files',
    summary: 'Rename, move or describe a file',
    description:
      'What is not named stays as it is; a request that changes nothing leaves the ETag. Written to the audit log.',
    scope: 'files:write',
    parameters: [fileIdParameter, ifMatch],
    requestBody: requestOf(fileChangesSchema),
    responses: { 200: answerOf(fileViewSchema, 'The file as it is now', etag) },
    refusals: [
      'validation-error',
      'FILE_NOT_FOUND',
      'FOLDER_NOT_FOUND',
      'ACCESS_GROUP_NOT_FOUND',
      'PRECONDITION_FAILED',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  },
  'POST /v1/files/{fileId}/restore': {
    tag: 'files',
    summary: 'Undo a delete',
    description:
      'Until the purge begins, when the retention is over. A file whose folder is gone comes back in the root; a file that was not ' +
      'available when it was deleted comes back as rejected.',
    scope: 'files:write',
    parameters: [fileIdParameter],
    responses: { 200: answerOf(fileViewSchema, 'The file, deleted before or not', etag) },
    refusals: ['FILE_NOT_FOUND'],
  },
  'DELETE /v1/files/{fileId}': {
    tag: 'files',
    summary: 'Delete a file',
    description: 'At once for every door; the bytes go when the retention is over. A pending scan ends.',
    scope: 'files:write',
    parameters: [fileIdParameter],
    responses: { 204: { description: 'Deleted', headers: headersOf({}) } },
    refusals: ['FILE_NOT_FOUND'],
  },
  'GET /v1/files/{fileId}/content': content,
  'HEAD /v1/files/{fileId}/content': {
    ...content,
    summary: 'What reading the bytes would answer',
    parameters: [fileIdParameter, oneVersion, header('If-None-Match', 'ETags the client has already')],
    responses: {
      200: { description: 'The headers of the whole', headers: wholeHeaders },
      304: { description: 'The client has it', headers: headersOf({ ETag: contentHeaders.ETag }) },
    },
    refusals: ['FILE_NOT_FOUND', 'FILE_WITHDRAWN', 'FILE_NOT_AVAILABLE'],
  },
  'POST /v1/files/{fileId}/download-url': {
    tag: 'files',
    summary: 'Ask for a download URL',
    description: 'A fresh one each time, written to the audit log. It works without a token until it expires.',
    scope: 'files:export',
    parameters: [fileIdParameter],
    requestBody: requestOf(downloadUrlRequestSchema, 'application/json', false),
    responses: { 200: answerOf(downloadUrlResponseSchema, 'The URL') },
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'FILE_WITHDRAWN', 'FILE_NOT_AVAILABLE', 'UNSUPPORTED_MEDIA_TYPE'],
  },
};
