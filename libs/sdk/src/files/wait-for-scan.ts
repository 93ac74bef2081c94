import { CustodyError } from '../errors.js';
import { eventStream } from '../events/event-stream.js';
import type { Api } from '../http/api.js';
import { pause, reasonOf } from '../http/pause.js';
import type { FileMetadata, FileStage, FileVersion } from '../types.js';

const POLL_MS = 15_000;
const POLL_WITHOUT_STREAM_MS = 2_000;

export interface WaitOptions {
  /** TIMEOUT after this; without it the signal alone ends the waiting */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** the version to wait for; absent: the newest at each moment */
  readonly versionId?: string | undefined;
  /** told of each stage as it is seen; `held` may take until somebody decides */
  readonly onStage?: ((stage: FileStage) => void) | undefined;
}

/**
 * Resolves when the version is available or rejected: the file, its status, stage and reason being those of the version waited
 * for. A rejection is an answer, not an error. Events wake it; polling stands behind them where streams do not get through.
 */
export async function waitForScan(api: Api, fileId: string, options: WaitOptions = {}): Promise<FileMetadata> {
  const { timeoutMs, signal } = options;
  const over = new AbortController();
  const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([over.signal, ...[signal, late].filter((one) => one !== undefined)]);
  try {
    return await new Watch(api, fileId, options, either).run();
  } catch (error) {
    if (signal?.aborted === true) throw reasonOf(signal);
    if (late?.aborted !== true) throw error;
    throw new CustodyError('TIMEOUT', `no verdict on file ${fileId} within ${timeoutMs ?? 0} ms`, { cause: error });
  } finally {
    over.abort();
  }
}

class Watch {
  private connected = false;
  private stage: FileStage | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly fileId: string,
    private readonly options: WaitOptions,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<FileMetadata> {
    void this.listen();
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const version = await this.look();
      if (version.status !== 'pending_scan') return this.outcome(version);
      // Another way of asking than the stream, at leisure while there is one.
      await Promise.race([woken, pause(this.connected ? POLL_MS : POLL_WITHOUT_STREAM_MS, this.signal)]);
    }
  }

  /** Follows the stream; whatever ends it, the polling goes on. */
  private async listen(): Promise<void> {
    const onConnection = (state: 'open' | 'lost') => {
      this.connected = state === 'open';
    };
    try {
      for await (const event of eventStream(this.api, this.fileId, { signal: this.signal, onConnection })) {
        if (event.event === 'file.status') this.tell(event.data.stage);
        this.wake();
      }
    } catch {
      this.connected = false;
    }
    this.wake();
  }

  private async look(): Promise<FileVersion> {
    const { versionId } = this.options;
    let cursor: string | null | undefined;
    do {
      const page = await this.api.call('GET /v1/files/{fileId}/versions', {
        path: { fileId: this.fileId },
        query: { limit: versionId === undefined ? 1 : 50, cursor: cursor ?? undefined },
        signal: this.signal,
      });
      const version = page.items.find((item) => versionId === undefined || item.versionId === versionId);
      if (version !== undefined) {
        this.tell(version.stage);
        return version;
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    throw new CustodyError('VERSION_NOT_FOUND', `file ${this.fileId} has no version ${versionId ?? ''}`, {
      status: 404,
    });
  }

  private async outcome(version: FileVersion): Promise<FileMetadata> {
    const file = await this.api.call('GET /v1/files/{fileId}', { path: { fileId: this.fileId }, signal: this.signal });
    const { versionId, status, stage, rejectReason } = version;
    return { ...file, versionId, status, stage, rejectReason };
  }

  private tell(stage: FileStage): void {
    if (stage === this.stage) return;
    this.stage = stage;
    this.options.onStage?.(stage);
  }
}
