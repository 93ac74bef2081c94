import { headersOf, requestOf, type Door, type Doors } from '../openapi/operation.js';
import { storeEventSchema } from './store-event.schema.js';

const event: Door = {
  tag: 'internal',
  summary: 'Take an event of the store',
  description:
    'S3 "object created" messages, with the secret `FILES_S3_EVENTS_TOKEN` as bearer token or as last path segment. What a ' +
    'message says is checked against the store; keys nobody asked for are ignored.',
  requestBody: requestOf(storeEventSchema),
  responses: { 204: { description: 'Looked at', headers: headersOf({}) } },
  refusals: ['validation-error', 'UNAUTHENTICATED', 'STORE_UNAVAILABLE'],
};

export const storeEventDoors: Doors = {
  'POST /internal/s3-events': event,
  'POST /internal/s3-events/{token}': {
    ...event,
    parameters: [{ name: 'token', in: 'path', required: true, schema: { type: 'string' } }],
  },
};
