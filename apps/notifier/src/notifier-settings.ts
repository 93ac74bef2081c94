/** What a handler needs to know of the configuration. */
export class NotifierSettings {
  constructor(
    /** Deliveries of one event before it is failed; the contract's own number holds too. */
    readonly maxAttempts: number,
  ) {}
}
