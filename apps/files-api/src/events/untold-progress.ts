import type { RunningScan } from '@custody/data';
import { progressBlock } from './blocks.js';

/** Which reports of running scans one stream has told: each at most once, the newest only. */
export class UntoldProgress {
  private told = new Map<string, string>();

  /** Text for the client, maybe empty. */
  take(running: readonly RunningScan[]): string {
    const news = running.filter(({ versionId, at }) => this.told.get(versionId) !== at);
    // What does not run any more is forgotten.
    this.told = new Map(running.map(({ versionId, at }) => [versionId, at]));
    return news.map(progressBlock).join('');
  }
}
