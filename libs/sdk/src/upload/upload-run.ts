import { CustodyError, isCustodyError } from '../errors.js';
import type { UploadState } from '../state/upload-state.js';
import type { Confirmed } from '../types.js';
import { begin, goOn, lasting, newState } from './beginning.js';
import type { Beginning } from './beginning.js';
import { sendParts, sendWhole } from './send.js';
import type { UploadContext } from './upload-context.js';
import { LANES } from './upload-options.js';
import type { UploadOptions, UploadResult } from './upload-options.js';
import { presign } from './upload-request.js';
import type { UploadRequest } from './upload-request.js';

/** Parts that the service misses after all were sent: replaced by somebody else meanwhile. */
const ROUNDS = 3;

/** From the first question to the confirmed file. */
export class UploadRun {
  /** what there is to give up at the service */
  begun: Beginning | undefined;

  constructor(
    private readonly context: UploadContext,
    private readonly request: UploadRequest,
    private readonly options: UploadOptions,
  ) {}

  async run(): Promise<UploadResult> {
    const { states } = this.context;
    const found = this.options.fileId === undefined ? await states.get(this.request.key) : undefined;
    try {
      const result = (await this.attempt(found)) ?? (await this.attempt(undefined));
      if (result === undefined)
        throw new CustodyError('UPLOAD_REFUSED', 'the service takes no new upload of this file');
      await states.delete(this.request.key);
      return result;
    } catch (error) {
      if (isFinal(error, this.context.signal)) await states.delete(this.request.key);
      throw error;
    }
  }

  /** Nothing is gone on with. */
  async forget(): Promise<void> {
    await this.context.states.delete(this.request.key);
  }

  /** `undefined` when what was remembered leads nowhere. */
  private async attempt(found: UploadState | undefined): Promise<UploadResult | undefined> {
    const { context, request, options } = this;
    const state = found ?? newState(request, context.source.lastModified);
    if (found === undefined) await context.states.set(state);
    const begun =
      options.fileId === undefined
        ? await begin(context, request, options, state)
        : await goOn(context, options.fileId);
    if (begun === undefined) return undefined;
    this.begun = begun;
    const { fileId, versionId } = begun;
    await context.states.set({ ...state, fileId, versionId, multipart: begun.kind === 'parts' });
    if (begun.kind === 'arrived') return this.finishArrived(begun);
    const resumedFrom = begun.kind === 'parts' ? context.source.size - bytesOf(begun) : 0;
    context.meter.begin(context.source.size, resumedFrom, fileId);
    await this.send(begun, state);
    const { status } = await this.confirm(begun);
    return { fileId, versionId, status, resumedFrom };
  }

  private async finishArrived(
    begun: Extract<Beginning, { readonly kind: 'arrived' }>,
  ): Promise<UploadResult | undefined> {
    const { fileId, versionId } = begun;
    const { size } = this.context.source;
    this.context.meter.begin(size, size, fileId);
    try {
      const { status } = await this.confirmOnce(fileId);
      // It ended before: this is a new try with the same file.
      return status === 'rejected' ? undefined : { fileId, versionId, status, resumedFrom: size };
    } catch (error) {
      if (!isCustodyError(error) || error.status < 400 || error.status >= 500) throw error;
      if (error.status === 401 || error.status === 403) throw error;
      return undefined;
    }
  }

  private async send(begun: Exclude<Beginning, { readonly kind: 'arrived' }>, state: UploadState): Promise<void> {
    const { context, request, options } = this;
    if (begun.kind === 'parts') return sendParts(context, begun, options.lanes ?? LANES);
    return sendWhole(context, begun, async () => {
      const again = await presign(context.api, request, options, state.idempotencyKey, lasting(context));
      if ('multipart' in again) throw new TypeError('the service changed its mind about the parts');
      return again;
    });
  }

  private async confirm(begun: Exclude<Beginning, { readonly kind: 'arrived' }>): Promise<Confirmed> {
    const { context, options } = this;
    for (let round = 1; ; round++) {
      await context.source.check();
      try {
        return await this.confirmOnce(begun.fileId);
      } catch (error) {
        if (!isCustodyError(error, 'UPLOAD_INCOMPLETE') || round === ROUNDS || begun.kind !== 'parts') throw error;
        const now = await goOn(context, begun.fileId);
        if (now.kind !== 'parts') throw error;
        context.meter.begin(context.source.size, context.source.size - bytesOf(now), begun.fileId);
        await sendParts(context, now, options.lanes ?? LANES);
      }
    }
  }

  private confirmOnce(fileId: string): Promise<Confirmed> {
    const { context, options } = this;
    context.meter.enter('confirming');
    const { notes, isValid } = options;
    return context.api.call('POST /v1/files/presign/{fileId}/confirm', {
      path: { fileId },
      body: { notes, isValid },
      repeatable: true,
      patience: lasting(context),
    });
  }
}

function bytesOf({ plan, missing }: Extract<Beginning, { readonly kind: 'parts' }>): number {
  return missing.reduce((sum, number) => sum + Math.min(plan.partSize, plan.size - (number - 1) * plan.partSize), 0);
}

/** Whether another run with the same state could only fail the same way. */
function isFinal(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || !isCustodyError(error)) return false;
  if (error.code === 'UNAUTHENTICATED' || error.code === 'INSUFFICIENT_SCOPE') return false;
  if (error.code === 'UPLOAD_REFUSED' || error.code === 'SOURCE_CHANGED') return true;
  return error.status >= 400 && error.status < 500;
}
