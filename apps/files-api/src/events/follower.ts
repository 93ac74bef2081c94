import type { StreamEndReason } from '@custody/contracts';
import type { FileId, TenantId } from '@custody/domain';

/** Why a stream ends though there is more to follow. `left`: nobody reads it any more. */
export type Ending = Extract<StreamEndReason, 'token_expired' | 'shutdown'> | 'left';

/** One open stream as those see it that wake it up: of one file, or of the whole tenant without one. */
export class Follower {
  /** The number of the last event it needs no more. */
  position = 0;
  private end: Ending | null = null;
  private woken = false;
  private resume: (() => void) | null = null;

  constructor(
    readonly tenantId: TenantId,
    readonly fileId: FileId | null,
    private readonly expiresAt: Date,
  ) {}

  get ending(): Ending | null {
    return this.end ?? (Date.now() >= this.expiresAt.getTime() ? 'token_expired' : null);
  }

  /** There may be something to read. It is remembered until the next `wait`. */
  wake(): void {
    this.woken = true;
    this.resume?.();
  }

  finish(ending: Ending): void {
    this.end ??= ending;
    this.wake();
  }

  /** Until it is woken, its token expires or `ms` are over; true when it was woken. */
  async wait(ms: number): Promise<boolean> {
    if (!this.woken) {
      const until = Math.max(0, Math.min(ms, this.expiresAt.getTime() - Date.now()));
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resume = resolve;
        timer = setTimeout(resolve, until);
      });
      this.resume = null;
      clearTimeout(timer);
    }
    const { woken } = this;
    this.woken = false;
    return woken;
  }
}
