/** Redis did not take the messages in time. Nothing is known about whether some of them got there. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';

  constructor(cause: unknown) {
    super(`the queue is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A message that no consumer could ever accept; a defect of the sender. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
}
