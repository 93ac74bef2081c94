import { CustodyError, isCustodyError } from '../errors.js';
import { newKey } from '../http/idempotency-key.js';
import { LASTING } from '../http/patience.js';
import type { Patience } from '../http/patience.js';
import type { UploadState } from '../state/upload-state.js';
import type { Operations } from '../generated/operations.js';
import type { SignedPut } from './deliver.js';
import { missingParts } from './parts.js';
import type { PartPlan } from './parts.js';
import type { UploadContext } from './upload-context.js';
import type { UploadOptions } from './upload-options.js';
import { presign } from './upload-request.js';
import type { UploadRequest } from './upload-request.js';

/** Where an upload begins or goes on. */
export type Beginning = { readonly fileId: string; readonly versionId: string } & (
  | { readonly kind: 'single'; readonly signed: SignedPut }
  | { readonly kind: 'parts'; readonly plan: PartPlan; readonly missing: readonly number[] }
  /** all bytes are there: an earlier run did not live to confirm */
  | { readonly kind: 'arrived' }
);

type Arrived = Operations['GET /v1/files/{fileId}/multipart']['answer'];

/** Waits through outages, and says for what. */
export function lasting({ meter, signal }: Pick<UploadContext, 'meter' | 'signal'>): Patience {
  return { ...LASTING, signal, onWait: (error) => meter.enter('waiting', error) };
}

/** A state for an upload that has none. */
export function newState(
  { key, filename, size, multipart }: UploadRequest,
  lastModified: number | undefined,
): UploadState {
  const startedAt = new Date().toISOString();
  return { version: 1, key, idempotencyKey: newKey(), multipart, filename, size, lastModified, startedAt };
}

/** What arrived of an unfinished upload in parts; NO_MULTIPART_UPLOAD or FILE_NOT_FOUND when there is none. */
export async function goOn(context: UploadContext, fileId: string): Promise<Beginning> {
  const first = await arrivedParts(context, fileId, 0);
  const { versionId, size, partSize, partCount } = first;
  if (size !== context.source.size)
    throw new CustodyError('SOURCE_CHANGED', `file ${fileId} was begun with ${size} bytes, not ${context.source.size}`);
  const parts = [...first.parts];
  for (let page = first; page.hasMore; parts.push(...page.parts))
    page = await arrivedParts(context, fileId, parts.at(-1)?.partNumber ?? 0);
  const plan = { size, partSize, partCount };
  return { kind: 'parts', fileId, versionId, plan, missing: missingParts(plan, parts) };
}

/**
 * Asks for a place, or for the one that the state's key got before. `undefined`: the state leads nowhere any more, begin anew.
 */
export async function begin(
  context: UploadContext,
  request: UploadRequest,
  options: UploadOptions,
  state: UploadState,
): Promise<Beginning | undefined> {
  const { fileId, versionId = '', multipart } = state;
  try {
    if (fileId !== undefined && multipart) return await goOn(context, fileId);
    return await place(context, request, options, state);
  } catch (error) {
    if (!isCustodyError(error)) throw error;
    // Put together before: this repeats the confirm, whose answer stays the same.
    if (error.code === 'NO_MULTIPART_UPLOAD' && fileId !== undefined) return { kind: 'arrived', fileId, versionId };
    if (error.code === 'UPLOAD_NOT_AWAITED' && error.problem?.fileId !== undefined)
      return { kind: 'arrived', fileId: error.problem.fileId, versionId };
    if (error.code === 'IDEMPOTENCY_KEY_REUSED' || (error.code === 'FILE_NOT_FOUND' && fileId !== undefined))
      return undefined;
    throw error;
  }
}

async function place(
  context: UploadContext,
  request: UploadRequest,
  options: UploadOptions,
  { idempotencyKey }: UploadState,
): Promise<Beginning> {
  const { api, source } = context;
  const presigned = await presign(api, request, options, idempotencyKey, lasting(context));
  const { fileId, versionId } = presigned;
  if (!('multipart' in presigned)) return { kind: 'single', fileId, versionId, signed: presigned };
  // None is there: the file's id is remembered before the first part is sent.
  const { partSize, partCount } = presigned.multipart;
  const plan = { size: source.size, partSize, partCount };
  return { kind: 'parts', fileId, versionId, plan, missing: missingParts(plan, []) };
}

function arrivedParts(context: UploadContext, fileId: string, after: number): Promise<Arrived> {
  const path = { fileId };
  return context.api.call('GET /v1/files/{fileId}/multipart', { path, query: { after }, patience: lasting(context) });
}
