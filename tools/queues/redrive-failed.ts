import { Queue } from 'bullmq';

/** A job that is to run again, and why it had failed. */
export interface RedrivenJob {
  readonly id: string;
  readonly name: string;
  readonly failedReason: string;
}

/**
 * Gives every job that has failed by now another life with all its attempts, the oldest first. What fails again meanwhile stays
 * where it is.
 */
export async function redriveFailed(url: string, prefix: string, name: string): Promise<RedrivenJob[]> {
  const queue = new Queue(name, { prefix, connection: { url, maxRetriesPerRequest: 1 } });
  // Without a listener an error of the connection would end the process; every call reports its own.
  queue.on('error', () => undefined);
  try {
    const failed = (await queue.getFailed()).reverse();
    // A retry forgets the reason.
    const redriven = failed.map(({ id, name: job, failedReason }) => ({ id: String(id), name: job, failedReason }));
    for (const job of failed) await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return redriven;
  } finally {
    await queue.close();
  }
}
