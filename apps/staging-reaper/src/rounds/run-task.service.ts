import { runInContext, startContext } from '@custody/observability';
import { Injectable, Logger } from '@nestjs/common';
import { ReaperMetrics } from './reaper-metrics.js';
import type { ReaperTask } from './reaper-task.js';

/** The relay alone runs every second: a lasting outage is one record in this time. */
const SAME_FAILURE_EVERY_MS = 30_000;

/** Runs one task so that its failure is seen (log, metric) and stops nothing else. */
@Injectable()
export class RunTask {
  private readonly log = new Logger(RunTask.name);
  private readonly complainedAt = new Map<string, number>();

  constructor(private readonly metrics: ReaperMetrics) {}

  /** True when all of it succeeded. */
  async execute(task: ReaperTask, signal: AbortSignal): Promise<boolean> {
    const started = performance.now();
    const error = await runInContext(startContext({}), () => this.attempt(task, signal));
    this.metrics.ran(task.name, (performance.now() - started) / 1_000, error === null);
    if (error === null) this.complainedAt.delete(task.name);
    else this.complain(task.name, error);
    return error === null;
  }

  private async attempt(task: ReaperTask, signal: AbortSignal): Promise<string | null> {
    try {
      const { counts, failed, firstError } = await task.execute(signal);
      this.metrics.did(task.name, counts);
      if (Object.keys(counts).length > 0) this.log.log({ task: task.name, ...counts }, `${task.name} did its work`);
      return failed === 0 ? null : `${failed} not done, the first: ${reasonOf(firstError)}`;
    } catch (error) {
      return reasonOf(error);
    }
  }

  private complain(name: string, reason: string): void {
    const now = performance.now();
    if (now - (this.complainedAt.get(name) ?? -Infinity) < SAME_FAILURE_EVERY_MS) return;
    this.complainedAt.set(name, now);
    this.log.error(`${name} failed: ${reason}`);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
