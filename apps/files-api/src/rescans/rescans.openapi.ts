import {
  answerOf,
  fileIdParameter,
  pageParameters,
  pathParameter,
  requestOf,
  type Doors,
} from '../openapi/operation.js';
import {
  requestedRescanSchema,
  requestRescanSchema,
  rescanRunPageSchema,
  rescanRunSchema,
  startRescanSchema,
} from './rescans.schema.js';

const of = { tag: 'rescans', scope: 'files:admin' } as const;
const runId = pathParameter('runId', 'What is no UUID answers as an absent run', 'uuid');
const versionId = pathParameter('versionId', 'What is no UUID answers as an absent version', 'uuid');
const description =
  'The stored bytes go through the engine as it is now, before all runs. Clean: `scan` names the new signatures, nothing else changes. ' +
  'Infected, or not the bytes that were scanned: the version is withdrawn at once, its bytes are removed, the tenant is told. Asking ' +
  'again while it waits queues it once.';
const requested = { 202: answerOf(requestedRescanSchema, 'It is in the queue') };
const body = requestOf(requestRescanSchema, 'application/json', false);

export const rescanDoors: Doors = {
  'POST /v1/files/{fileId}/rescan': {
    ...of,
    summary: 'Scan a file again',
    description,
    parameters: [fileIdParameter],
    requestBody: body,
    responses: requested,
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'FILE_NOT_AVAILABLE', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'POST /v1/files/{fileId}/versions/{versionId}/rescan': {
    ...of,
    summary: 'Scan one version again',
    description,
    parameters: [fileIdParameter, versionId],
    requestBody: body,
    responses: requested,
    refusals: [
      ...(['validation-error', 'FILE_NOT_FOUND', 'VERSION_NOT_FOUND'] as const),
      ...(['VERSION_NOT_AVAILABLE', 'UNSUPPORTED_MEDIA_TYPE'] as const),
    ],
  },
  'POST /v1/rescans': {
    ...of,
    summary: "Scan the tenant's files again",
    description:
      'Every available version, the newest first, at the pace of the deployment and behind uploads. One run at a time: while one is under way ' +
      'it is the answer. A run that withdraws more than `RESCAN_MAX_WITHDRAWN` versions stops by itself.',
    requestBody: requestOf(startRescanSchema, 'application/json', false),
    responses: { 202: answerOf(rescanRunSchema, 'The run') },
    refusals: ['validation-error', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'GET /v1/rescans': {
    ...of,
    summary: 'List runs, newest first',
    parameters: pageParameters,
    responses: { 200: answerOf(rescanRunPageSchema, 'A page of runs') },
    refusals: ['validation-error'],
  },
  'GET /v1/rescans/{runId}': {
    ...of,
    summary: 'Read how far a run has come',
    parameters: [runId],
    responses: { 200: answerOf(rescanRunSchema, 'The run') },
    refusals: ['RESCAN_NOT_FOUND'],
  },
  'POST /v1/rescans/{runId}/stop': {
    ...of,
    summary: 'Stop a run',
    description: 'Rescans that are being done come to their end. A run that has ended stays as it ended.',
    parameters: [runId],
    responses: { 200: answerOf(rescanRunSchema, 'The run as it is now') },
    refusals: ['RESCAN_NOT_FOUND', 'UNSUPPORTED_MEDIA_TYPE'],
  },
};
