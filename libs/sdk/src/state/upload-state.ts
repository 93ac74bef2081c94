/** What an upload needs to be gone on with. It holds no token and no URL: the service is asked for what arrived. */
export interface UploadState {
  /** of this shape */
  readonly version: 1;
  /** the file and where it goes: the same file sent the same way has the same key */
  readonly key: string;
  /** of the presign: repeated, it makes no second file */
  readonly idempotencyKey: string;
  readonly fileId?: string | undefined;
  readonly versionId?: string | undefined;
  readonly multipart: boolean;
  readonly filename: string;
  readonly size: number;
  /** milliseconds since 1970 */
  readonly lastModified?: number | undefined;
  /** ISO 8601 */
  readonly startedAt: string;
}

/** Where states are kept. Rejections are taken for "there is none": an upload goes on without. */
export interface StateStore {
  get(key: string): Promise<UploadState | undefined>;
  set(state: UploadState): Promise<void>;
  delete(key: string): Promise<void>;
  list(): Promise<readonly UploadState[]>;
}

/** A state as it was written, or undefined when it is of another shape. */
export function readState(value: unknown): UploadState | undefined {
  const state = value as Partial<UploadState> | null | undefined;
  if (state?.version !== 1 || typeof state.key !== 'string' || typeof state.idempotencyKey !== 'string')
    return undefined;
  return state as UploadState;
}
