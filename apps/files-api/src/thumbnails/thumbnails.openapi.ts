import { THUMBNAIL_FORMATS, THUMBNAIL_SIZES } from '@custody/domain';
import { answerOf, fileIdParameter, queryParameter, type Doors } from '../openapi/operation.js';
import { thumbnailUrlSchema } from './thumbnails.schema.js';

export const thumbnailDoors: Doors = {
  'GET /v1/files/{fileId}/thumbnail-url': {
    tag: 'thumbnails',
    summary: 'Ask for the URL of a thumbnail',
    description:
      'A fresh one each time, written to the audit log; it lives as long as a download URL. Thumbnails are made after the scan, of images and of ' +
      "the first page of PDFs: until then, and where none can be made, the problem's `original` names the door to the file itself.",
    scope: 'files:export',
    parameters: [
      fileIdParameter,
      queryParameter('size', 'Longest side in pixels', { type: 'integer', enum: [...THUMBNAIL_SIZES], default: 512 }),
      queryParameter('format', 'Image format', { type: 'string', enum: [...THUMBNAIL_FORMATS], default: 'webp' }),
    ],
    responses: { 200: answerOf(thumbnailUrlSchema, 'The URL') },
    refusals: [
      'validation-error',
      'FILE_NOT_FOUND',
      'THUMBNAIL_NOT_READY',
      'NO_THUMBNAIL',
      'FILE_WITHDRAWN',
      'FILE_NOT_AVAILABLE',
    ],
  },
};
