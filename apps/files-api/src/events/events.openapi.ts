import { streamEvent } from '@custody/contracts';
import {
  fileIdParameter,
  header,
  headersOf,
  jsonSchema,
  queryOf,
  type Door,
  type Doors,
} from '../openapi/operation.js';
import { eventsQuerySchema } from './events.schema.js';

const parameters = [
  header('Last-Event-ID', 'The last `id` the client has seen: the stream goes on behind it, without gap or repeat'),
  ...queryOf(eventsQuerySchema),
];

const stream = {
  description:
    'Server-sent events (WHATWG HTML, 9.2). The schema is that of one event: its fields `event`, `id` and, as JSON, `data`. Comments are ' +
    'heartbeats. A block with an `id` and no `data` moves the point to resume from.',
  headers: headersOf({ 'Cache-Control': '`no-cache, no-transform`' }),
  content: { 'text/event-stream': { schema: jsonSchema(streamEvent, 'output') } },
};

const ofFile: Door = {
  tag: 'events',
  summary: 'Follow one file',
  description:
    'Begins with the status of the newest version, tells each change and ends, with event `end`, when that version is available or ' +
    'rejected, the file is deleted or no longer visible, the token expires or the process stops. 204: it had ended by `Last-Event-ID`, ' +
    'and there is nothing more.',
  scope: 'files:read',
  parameters: [fileIdParameter, ...parameters],
  responses: { 200: stream, 204: { description: 'Nothing more to follow', headers: headersOf({}) } },
  refusals: ['validation-error', 'FILE_NOT_FOUND', 'TOO_MANY_STREAMS'],
};

const ofTenant: Door = {
  tag: 'events',
  summary: 'Follow all files',
  description:
    'Tells what happens, from now on or from `Last-Event-ID` on, to every file of the tenant that the caller may see at that moment, new ' +
    'uploads included. Event `reset`: the id is unknown or too old, and what happened in between has to be listed. Ends, with event ' +
    '`end`, when the token expires or the process stops.',
  scope: 'files:read',
  parameters,
  responses: { 200: stream },
  refusals: ['validation-error', 'TOO_MANY_STREAMS'],
};

export const eventDoors: Doors = {
  'GET /v1/events': ofTenant,
  'GET /v1/files/{fileId}/events': ofFile,
};
