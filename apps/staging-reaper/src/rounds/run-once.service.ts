import { Injectable } from '@nestjs/common';
import { Rounds } from './rounds.js';
import { RunTask } from './run-task.service.js';

/** One round of everything, for a CronJob. */
@Injectable()
export class RunOnce {
  constructor(
    private readonly rounds: Rounds,
    private readonly runTask: RunTask,
  ) {}

  /** Names the tasks that failed. */
  async execute(signal: AbortSignal): Promise<string[]> {
    const failed: string[] = [];
    for (const task of [...this.rounds.usual, ...this.rounds.listing, this.rounds.relay]) {
      if (!(await this.runTask.execute(task, signal))) failed.push(task.name);
    }
    return failed;
  }
}
