import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the alarms of docs/operations.md watch. */
@Injectable()
export class ReaperMetrics {
  private readonly items: Counter;
  private readonly failures: Counter;
  private readonly duration: Histogram;
  private readonly success: Gauge;
  private readonly findings: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.items = new Counter({
      name: 'custody_reaper_items_total',
      help: 'What the tasks of the reaper did',
      labelNames: ['task', 'kind'],
      registers,
    });
    this.failures = new Counter({
      name: 'custody_reaper_failures_total',
      help: 'Runs of a task that could not do all there was to do',
      labelNames: ['task'],
      registers,
    });
    this.duration = new Histogram({
      name: 'custody_reaper_task_seconds',
      help: 'Duration of one run of a task',
      labelNames: ['task'],
      buckets: [0.01, 0.1, 1, 10, 60, 600],
      registers,
    });
    this.success = new Gauge({
      name: 'custody_reaper_last_success_timestamp_seconds',
      help: 'When a task last did all there was to do',
      labelNames: ['task'],
      registers,
    });
    this.findings = new Gauge({
      name: 'custody_reaper_findings',
      help: 'By the last sweep: main objects no row explains (orphans), available versions without an object (missing)',
      labelNames: ['kind'],
      registers,
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
