/** Tries to reach Redis again for ever, never more than two seconds apart, until the process stops. */
export class Reconnection {
  private stopped = false;

  /** ioredis: milliseconds until try number `times`, or null to give the connection up. */
  readonly strategy = (times: number): number | null =>
    this.stopped ? null : Math.min(2 ** Math.min(times, 10) * 25, 2_000);

  /** From now on a connection that is lost stays lost; else an outage would keep the process alive. */
  stop(): void {
    this.stopped = true;
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }
}
