import type { JobMeta } from '@custody/contracts';
import type { JobsOptions } from 'bullmq';
import { contractOf, explainPayload, type JobCatalogue } from '../job-catalogue.js';
import { InvalidMessage } from './queue-errors.js';

/** What goes on a queue; every JobMessage is one. The payload must fit the contract called `name`. */
export interface QueueMessage {
  /** Job id: while a job of this id waits, runs or has failed, adding it again does nothing. No `:`. */
  readonly id: string;
  readonly name: string;
  readonly payload: object;
  readonly meta?: JobMeta | undefined;
}

/** Failed jobs are kept for a look at them, but not without bound: 7 days and 5,000 of them. */
export const KEEP_FAILED = { age: 7 * 86_400, count: 5_000 };

export interface BulkJob {
  readonly queue: string;
  readonly name: string;
  readonly data: object;
  readonly opts: JobsOptions;
}

/** @throws InvalidMessage when no consumer could accept the message. */
export function toJob(catalogue: JobCatalogue, { id, name, payload, meta }: QueueMessage): BulkJob {
  const contract = contractOf(catalogue, name);
  if (!contract) throw new InvalidMessage(`there is no job called ${name}`);
  if (id === '' || id.includes(':')) throw new InvalidMessage(`${name}: a job id must not be empty or contain ":"`);
  const parsed = contract.payload.safeParse(payload);
  if (!parsed.success) throw new InvalidMessage(`${name} ${id}: ${explainPayload(parsed.error)}`);
  return {
    queue: contract.queue,
    name,
    data: meta ? { ...payload, meta } : payload,
    // A finished job leaves nothing behind, else the same id could never run again.
    opts: { jobId: id, removeOnComplete: true, removeOnFail: KEEP_FAILED, ...retryRules(contract) },
  };
}

export const retryRules = ({ attempts, backoffMs }: { attempts: number; backoffMs: number }) => ({
  attempts,
  backoff: { type: 'exponential', delay: backoffMs },
});
