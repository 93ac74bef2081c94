import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { runChecks, type HealthCheck, type HealthReport } from './health-check.js';

export const HEALTH_CHECKS = Symbol('HealthCheck[]');

/** Whether this process can do its work now. */
@Injectable()
export class ProcessHealth implements BeforeApplicationShutdown {
  private readonly log = new Logger(ProcessHealth.name);
  private stopping = false;

  constructor(@Inject(HEALTH_CHECKS) private readonly checks: readonly HealthCheck[]) {}

  async report(): Promise<HealthReport> {
    if (this.stopping) return { status: 'stopping', checks: {} };
    return runChecks(this.checks, (name, reason) =>
      this.log.warn(`not ready, ${name}: ${reason instanceof Error ? reason.message : String(reason)}`),
    );
  }

  /** Load balancers stop sending before the doors close. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}
