import type { Api } from '../http/api.js';
import { BRIEF } from '../http/patience.js';
import { CustodyError, isCustodyError } from '../errors.js';
import { forgiving, NOWHERE } from '../state/default-state.js';
import type { StateStore } from '../state/upload-state.js';
import { transport } from '../transport/transport.js';
import { Gate } from './gate.js';
import { ProgressMeter } from './progress.js';
import type { UploadProgress } from './progress.js';
import { sourceOf } from './source.js';
import type { UploadInput } from './source.js';
import type { UploadOptions, UploadResult } from './upload-options.js';
import { requestOf } from './upload-request.js';
import { UploadRun } from './upload-run.js';

/** Keys of the uploads of this process: the same file twice at once is two files. */
const underWay = new Set<string>();

/** An upload under way: await it, or steer it. */
export class Upload implements PromiseLike<UploadResult> {
  private readonly ending = new AbortController();
  private readonly gate = new Gate();
  private readonly meter: ProgressMeter;
  private readonly result: Promise<UploadResult>;
  private running: UploadRun | undefined;
  private cancelled = false;

  constructor(
    private readonly api: Api,
    private readonly states: StateStore,
    input: UploadInput,
    private readonly options: UploadOptions = {},
  ) {
    this.meter = new ProgressMeter(0, (progress) => options.onProgress?.(progress));
    this.result = this.go(input);
  }

  get progress(): UploadProgress {
    return this.meter.current;
  }

  /** Stops sending; what is under way at the moment is sent again later. */
  pause(): void {
    this.gate.close();
  }

  resume(): void {
    this.gate.open();
  }

  /**
   * Gives the upload up, here and at the service, where its place becomes free; awaiting the upload then throws an AbortError.
   * A service that cannot be told removes it when its time is over.
   */
  async cancel(): Promise<void> {
    this.cancelled = true;
    this.ending.abort(new DOMException('the upload was cancelled', 'AbortError'));
    await this.result.then(
      () => undefined,
      () => undefined,
    );
  }

  then<A = UploadResult, B = never>(
    onFulfilled?: ((result: UploadResult) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<UploadResult | B> {
    return this.result.catch(onRejected);
  }

  finally(onFinally: () => void): Promise<UploadResult> {
    return this.result.finally(onFinally);
  }

  private async go(input: UploadInput): Promise<UploadResult> {
    const { signal, timeoutMs } = this.options;
    const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const signals = [this.ending.signal, signal, late].filter((one) => one !== undefined);
    let key: string | undefined;
    try {
      const { source, request } = await this.prepare(input, AbortSignal.any(signals));
      const twice = underWay.has(request.key);
      const states =
        twice || this.options.resume === false || source.lastModified === undefined ? NOWHERE : this.states;
      if (!twice) underWay.add((key = request.key));
      const { api, meter, gate } = this;
      const shared = { api, meter, gate, source, put: transport(), states: forgiving(states) };
      this.running = new UploadRun({ ...shared, signal: AbortSignal.any(signals) }, request, this.options);
      const result = await this.running.run();
      this.meter.enter('done');
      return result;
    } catch (error) {
      if (this.cancelled) await this.giveUp();
      this.meter.enter(this.cancelled ? 'cancelled' : 'failed', isCustodyError(error) ? error : undefined);
      if (late?.aborted !== true || error !== late.reason) throw error;
      throw new CustodyError('TIMEOUT', `the upload took more than ${timeoutMs ?? 0} ms`, { cause: error });
    } finally {
      if (key !== undefined) underWay.delete(key);
    }
  }

  private async prepare(input: UploadInput, signal: AbortSignal) {
    this.meter.enter('preparing');
    const source = await sourceOf(input);
    return { source, request: await requestOf(this.api, source, this.options, signal) };
  }

  /** A file of an unfinished upload is nobody's yet; a version's other versions stay. */
  private async giveUp(): Promise<void> {
    const { running, api, options } = this;
    const fileId = running?.begun?.fileId;
    await running?.forget();
    if (fileId === undefined) return;
    const path = { fileId };
    const told =
      running?.begun?.kind === 'parts'
        ? api.call('DELETE /v1/files/{fileId}/multipart', { path, patience: BRIEF })
        : options.versionOf === undefined && api.call('DELETE /v1/files/{fileId}', { path, patience: BRIEF });
    await Promise.resolve(told).catch((error: unknown) => {
      if (!isCustodyError(error)) throw error;
    });
  }
}
