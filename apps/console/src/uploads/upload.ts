import { signal } from '@preact/signals';

/**
 * `lost`: begun before the page was loaded anew, and the browser does not give the file back by itself. `checking`: all bytes
 * have arrived and the scan decides.
 */
export type UploadState =
  'queued' | 'uploading' | 'paused' | 'waiting' | 'checking' | 'available' | 'refused' | 'failed' | 'lost';

/** Where the bytes are to go: into a folder, or to a file as its new version. */
export interface Target {
  readonly folderId: string | null;
  readonly fileId?: string;
}

let last = 0;

/** One file on its way, as the page shows it. */
export class Upload {
  readonly key = `upload-${(last += 1)}`;
  readonly state = signal<UploadState>('queued');
  /** bytes that have arrived */
  readonly sent = signal(0);
  /** bytes a second */
  readonly rate = signal(0);
  readonly fileId = signal<string | undefined>(undefined);
  /** once its bytes are in the store */
  readonly versionId = signal<string | undefined>(undefined);
  /** why it failed or was refused, and what to do */
  readonly problem = signal('');

  constructor(
    readonly name: string,
    readonly size: number,
    readonly target: Target,
  ) {}

  get isOver(): boolean {
    return ['available', 'refused', 'failed'].includes(this.state.value);
  }

  get isMoving(): boolean {
    return ['queued', 'uploading', 'waiting'].includes(this.state.value);
  }
}
