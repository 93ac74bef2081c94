import { setTimeout as pause } from 'node:timers/promises';
import type { StagingReaperConfig } from '@custody/config';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Rounds } from './rounds.js';
import { RunTask } from './run-task.service.js';

type Pace = Pick<StagingReaperConfig['reaper'], 'intervalSec' | 'relayIntervalSec' | 'sweepEveryRounds'>;

/** Rounds and the relay's faster tick, until the process is asked to stop; the piece of work in hand is then finished. */
@Injectable()
export class RunLoop implements BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly rounds: Rounds,
    private readonly runTask: RunTask,
  ) {}

  start({ intervalSec, relayIntervalSec, sweepEveryRounds }: Pace): void {
    let round = 0;
    this.running = Promise.all([
      this.every(intervalSec, () => this.round(++round % sweepEveryRounds === 0)),
      this.every(relayIntervalSec, () => this.runTask.execute(this.rounds.relay, this.stop.signal)),
    ]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async round(listing: boolean): Promise<void> {
    const tasks = listing ? [...this.rounds.usual, ...this.rounds.listing] : this.rounds.usual;
    for (const task of tasks) {
      if (this.stop.signal.aborted) return;
      await this.runTask.execute(task, this.stop.signal);
    }
  }

  private async every(sec: number, work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await work();
      await pause(sec * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }
}
