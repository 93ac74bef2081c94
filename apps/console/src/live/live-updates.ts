import { signal } from '@preact/signals';
import { type Custody, type FileMetadata, isCustodyError } from '@custody/sdk';

/** Told of files as they change. */
export interface Follower {
  changed(file: FileMetadata): void;
  deleted(fileId: string): void;
  /** events were lost: read anew */
  reset(): void;
}

/** Events of one moment are read together. */
const GATHER_MS = 120;
/** More than this at once: reading the list anew is less than reading each. */
const MANY = 12;

/** Follows what happens to the tenant's files, and reads those that changed. */
export class LiveUpdates {
  readonly connected = signal(true);
  private readonly followers = new Set<Follower>();
  private readonly waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly custody: Custody) {}

  follow(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  async run(): Promise<void> {
    const onConnection = (state: 'open' | 'lost') => (this.connected.value = state === 'open');
    for await (const event of this.custody.events({ onConnection })) {
      if (event.event === 'reset') this.tell((follower) => follower.reset());
      // A deleted file too: it may have been restored since.
      else this.gather(event.data.fileId);
    }
  }

  /** Reads a file anew in a moment, as if an event had named it. */
  gather(fileId: string): void {
    this.waiting.add(fileId);
    this.timer ??= setTimeout(() => void this.read(), GATHER_MS);
  }

  private async read(): Promise<void> {
    this.timer = undefined;
    const ids = [...this.waiting];
    this.waiting.clear();
    if (ids.length > MANY) return this.tell((follower) => follower.reset());
    await Promise.all(ids.map((fileId) => this.readOne(fileId)));
  }

  private async readOne(fileId: string): Promise<void> {
    try {
      const file = await this.custody.files.metadata(fileId);
      this.tell((follower) => follower.changed(file));
    } catch (error) {
      if (isCustodyError(error, 'FILE_NOT_FOUND')) this.gone(fileId);
    }
  }

  private gone(fileId: string): void {
    this.tell((follower) => follower.deleted(fileId));
  }

  private tell(what: (follower: Follower) => void): void {
    for (const follower of this.followers) what(follower);
  }
}
