import { BaseRpcContext } from '@nestjs/microservices';

/** About one run of a job. */
export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  /** Runs that failed before this one. */
  readonly failedRuns: number;
  /** Runs begun, this one included; those that ended in waiting or were interrupted too. */
  readonly starts: number;
  readonly attempts: number;
  /** Aborted when the run takes too long or the process has to stop; the job is then run again. */
  readonly signal: AbortSignal;
}

/** What a handler gets as `@Ctx()`. */
export class JobContext extends BaseRpcContext<[JobRun]> {
  get run(): JobRun {
    return this.args[0];
  }
}
