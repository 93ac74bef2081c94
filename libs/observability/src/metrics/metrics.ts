import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Name, help and labels of a metric; names end in their unit (`_seconds`, `_bytes`, `_total`). */
export interface MetricNotes<Label extends string = never> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** The metrics of this process, with Node's own. Labels must have few values: never an id, a path or a filename. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = never>({ name, help, labels = [] }: MetricNotes<Label>): Counter<Label> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  histogram<Label extends string = never>(
    { name, help, labels = [] }: MetricNotes<Label>,
    buckets: readonly number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [this.registry] });
  }

  gauge<Label extends string = never>({ name, help, labels = [] }: MetricNotes<Label>): Gauge<Label> {
    return new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A gauge that is measured when somebody scrapes; a measure that fails leaves the others as they are. */
  measured({ name, help }: MetricNotes, measure: () => Promise<number> | number): void {
    const registers = [this.registry];
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        try {
          this.set(await measure());
        } catch {
          this.set(Number.NaN);
        }
      },
    });
  }

  /** All metrics in the Prometheus text format. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }
}
