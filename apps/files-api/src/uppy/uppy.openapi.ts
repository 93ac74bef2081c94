import {
  answerOf,
  header,
  jsonSchema,
  pathParameter,
  queryParameter,
  requestOf,
  type Door,
  type Doors,
} from '../openapi/operation.js';
import { uploadTokenAnswerSchema, uploadTokenRequestSchema } from './upload-tokens.schema.js';
import {
  completedUploadSchema,
  completePartsSchema,
  createdPartsSchema,
  nothingSchema,
  signedPartSchema,
  uploadedPartsSchema,
  uploadParametersSchema,
  uppyMetadataSchema,
  uppyUploadSchema,
} from './uppy.schema.js';

const key = queryParameter('key', 'As Uppy sends it; not looked at', { type: 'string' });
const uploadId = pathParameter(
  'uploadId',
  'As `POST …/multipart` answered it; any other text answers as an absent file',
);
const of = { tag: 'uppy', scope: 'files:write' } as const;
const ofUpload = { ...of, parameters: [uploadId, key] } as const;
const ofExpected = [
  ...(['validation-error', 'UPLOAD_OUT_OF_BOUNDS', 'FILE_NOT_FOUND', 'ACCESS_GROUP_NOT_FOUND'] as const),
  ...(['FOLDER_NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'STAGING_LIMIT_EXCEEDED'] as const),
] as const;

const { properties } = jsonSchema(uppyMetadataSchema, 'input') as {
  properties: Record<string, { description?: string }>;
};
const { properties: said } = jsonSchema(uppyUploadSchema, 'input') as { properties: Record<string, object> };
const query = [
  { name: 'filename', in: 'query', required: true, schema: said['filename'] },
  { name: 'type', in: 'query', required: false, schema: said['type'] },
  ...Object.entries(properties).map(([name, { description = '', ...schema }]) =>
    queryParameter(`metadata[${name}]`, description, schema),
  ),
];

/** Of `@uppy/aws-s3`, whose requests and answers these are; keys are the paths behind the one or the other prefix. */
const doors: Doors = {
  'GET /params': {
    ...of,
    summary: 'Begin an upload in one piece (Uppy)',
    description:
      'With `Accept: application/json` a PUT (Uppy 5), else the form of a POST (Uppy 6). Key and type are signed; a declared size is ' +
      'too, else the form takes 1 byte up to the limit of the type. Nobody has to confirm: the event of the store or the reconciler ' +
      'finds the file.',
    parameters: [header('Accept', '`application/json`: answer with a PUT'), ...query],
    responses: { 200: answerOf(uploadParametersSchema, 'Where the bytes go') },
    refusals: ofExpected,
  },
  'POST /multipart': {
    ...of,
    summary: 'Begin an upload in parts (Uppy)',
    description: 'The client cuts the parts: 5 MiB to 5 GiB each but the last, at most 10,000.',
    creates: true,
    requestBody: requestOf(uppyUploadSchema),
    responses: { 201: answerOf(createdPartsSchema, 'The upload is expected') },
    refusals: [...ofExpected, 'UPLOAD_NOT_AWAITED', 'UNSUPPORTED_MEDIA_TYPE', 'STORE_UNAVAILABLE'],
  },
  'GET /multipart/{uploadId}': {
    ...ofUpload,
    summary: 'What of an upload has arrived (Uppy)',
    responses: { 200: answerOf(uploadedPartsSchema, 'The parts the store has') },
    refusals: ['FILE_NOT_FOUND', 'NO_MULTIPART_UPLOAD', 'STORE_UNAVAILABLE'],
  },
  'GET /multipart/{uploadId}/{partNumber}': {
    ...ofUpload,
    summary: 'Ask for the URL of a part (Uppy)',
    parameters: [uploadId, pathParameter('partNumber', 'From 1 to 10,000, fewer where the size has a limit'), key],
    responses: { 200: answerOf(signedPartSchema, 'The URL') },
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'NO_MULTIPART_UPLOAD'],
  },
  'POST /multipart/{uploadId}/complete': {
    ...ofUpload,
    summary: 'Say that all parts have arrived (Uppy)',
    description:
      'Compares the named parts with those the store lists, puts these together and confirms. May be repeated. The body may have 2 MiB.',
    requestBody: requestOf(completePartsSchema),
    responses: { 200: answerOf(completedUploadSchema, 'The file is on its way to the scan') },
    refusals: [
      ...([
        'validation-error',
        'FILE_NOT_FOUND',
        'UPLOAD_NOT_FOUND',
        'UPLOAD_INCOMPLETE',
        'PAYLOAD_TOO_LARGE',
      ] as const),
      ...([
        'UNSUPPORTED_MEDIA_TYPE',
        'EMPTY_FILE',
        'SIZE_MISMATCH',
        'MIME_TYPE_MISMATCH',
        'CHECKSUM_MISMATCH',
      ] as const),
      'STORE_UNAVAILABLE',
    ],
  },
  'DELETE /multipart/{uploadId}': {
    ...ofUpload,
    summary: 'Give an upload up (Uppy)',
    description: 'Its parts are removed. A new version goes alone; a file that has no other version goes with it.',
    responses: { 200: answerOf(nothingSchema, 'Given up') },
    refusals: ['FILE_NOT_FOUND', 'NO_MULTIPART_UPLOAD'],
  },
};

const token = pathParameter('token', 'Of `POST /v1/uploads/tokens`, instead of a bearer token');

/** The same door under an upload token; no security scheme of OpenAPI knows a secret in a path. */
function underToken({ scope: _bearer, parameters = [], refusals, ...door }: Door): Door {
  const ofToken = ['UNAUTHENTICATED', 'TOO_MANY_REQUESTS'] as const;
  return { ...door, parameters: [token, ...parameters], refusals: [...refusals, ...ofToken] };
}

const under = (prefix: string, change: (door: Door) => Door): Doors =>
  Object.fromEntries(Object.entries(doors).map(([name, door]) => [name.replace(' ', ` ${prefix}`), change(door)]));

export const uppyDoors: Doors = {
  'POST /v1/uploads/tokens': {
    ...of,
    summary: 'Ask for an upload token',
    description:
      'For clients that send no headers, such as Uppy 6. It uploads as the caller and does nothing else; nobody can take it back. ' +
      'Administrators lose their rights in it.',
    requestBody: requestOf(uploadTokenRequestSchema, 'application/json', false),
    responses: { 200: answerOf(uploadTokenAnswerSchema, 'The token, and the address with it') },
    refusals: ['validation-error', 'FOLDER_NOT_FOUND', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  ...under('/uppy/s3', (door) => door),
  ...under('/uppy/t/{token}/s3', underToken),
};
