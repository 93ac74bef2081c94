/** The job is right but its time has not come (an engine is away): it waits, and no attempt is burnt. */
export class WaitAndRetry extends Error {
  override readonly name = 'WaitAndRetry';

  constructor(
    /** Milliseconds until the next run. */
    readonly delayMs: number,
    reason: string,
  ) {
    super(reason);
  }
}

/** No further run can succeed: the job goes to the failed set at once, with this message. */
export class RefuseJob extends Error {
  override readonly name = 'RefuseJob';
}

/** The process stops before the run could finish; another worker takes the job. */
export class HandedBack extends Error {
  override readonly name = 'HandedBack';

  constructor() {
    super('the worker is stopping');
  }
}
