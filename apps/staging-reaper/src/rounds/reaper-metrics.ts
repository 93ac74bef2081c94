import { Metrics } from '@custody/observability';
import { Injectable } from '@nestjs/common';

const SECONDS = [0.01, 0.1, 1, 10, 60, 600];

/** What the alarms of docs/operations.md watch. */
@Injectable()
export class ReaperMetrics {
  private readonly items;
  private readonly failures;
  private readonly duration;
  private readonly success;
  private readonly findings;

  constructor(metrics: Metrics) {
    this.items = metrics.counter({
      name: 'custody_reaper_items_total',
      help: 'What the tasks of the reaper did',
      labels: ['task', 'kind'],
    });
    this.failures = metrics.counter({
      name: 'custody_reaper_failures_total',
      help: 'Runs of a task that could not do all there was to do',
      labels: ['task'],
    });
    this.duration = metrics.histogram(
      { name: 'custody_reaper_task_seconds', help: 'Duration of one run of a task', labels: ['task'] },
      SECONDS,
    );
    this.success = metrics.gauge({
      name: 'custody_reaper_last_success_timestamp_seconds',
      help: 'When a task last did all there was to do',
      labels: ['task'],
    });
    this.findings = metrics.gauge({
      name: 'custody_reaper_findings_count',
      help: 'Of the last sweep: main objects no row explains (orphans), available versions without an object (missing)',
      labels: ['kind'],
    });
  }

  ran(task: string, seconds: number, succeeded: boolean): void {
    this.duration.observe({ task }, seconds);
    if (succeeded) this.success.setToCurrentTime({ task });
    else this.failures.inc({ task });
  }

  did(task: string, counts: Readonly<Record<string, number>>): void {
    for (const [kind, count] of Object.entries(counts)) this.items.inc({ task, kind }, count);
  }

  found(kind: 'orphans' | 'missing', count: number): void {
    this.findings.set({ kind }, count);
  }
}
