import type { Api } from '../http/api.js';
import type { StateStore } from '../state/upload-state.js';
import type { Put } from '../transport/put.js';
import type { Gate } from './gate.js';
import type { ProgressMeter } from './progress.js';
import type { UploadSource } from './source.js';

/** What the steps of one upload share. */
export interface UploadContext {
  readonly api: Api;
  readonly put: Put;
  readonly states: StateStore;
  readonly source: UploadSource;
  readonly meter: ProgressMeter;
  readonly gate: Gate;
  /** ends it */
  readonly signal: AbortSignal;
}
