import { Logger } from '@nestjs/common';
import { runInContext, startContext } from '@custody/observability';
import type { MessageHandler } from '@nestjs/microservices';
import { DelayedError, UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { isObservable, lastValueFrom } from 'rxjs';
import { contractOf, explainPayload, type JobCatalogue, type JobContract } from '../job-catalogue.js';
import { KEEP_FAILED, retryRules } from '../producer/queue-message.js';
import { JobContext } from './job-context.js';
import { HandedBack, RefuseJob, WaitAndRetry } from './job-errors.js';

/** Runs the jobs of one worker: contract, context, handler, and what each kind of failure means to BullMQ. */
export class JobRunner {
  private readonly log = new Logger(JobRunner.name);
  private readonly running = new Set<AbortController>();

  constructor(
    private readonly catalogue: JobCatalogue,
    private readonly handlerOf: (name: string) => MessageHandler | null,
  ) {}

  get size(): number {
    return this.running.size;
  }

  /** Aborts what still runs; each job goes back to the head of its queue without burning an attempt. */
  handBack(): void {
    for (const run of this.running) run.abort(new HandedBack());
  }

  async run(job: Job, token: string): Promise<void> {
    const abort = new AbortController();
    this.running.add(abort);
    try {
      await this.handle(job, abort);
    } catch (error) {
      throw await this.translate(error, job, token);
    } finally {
      this.running.delete(abort);
    }
  }

  private async handle(job: Job, abort: AbortController): Promise<void> {
    const contract = contractOf(this.catalogue, job.name);
    const handler = this.handlerOf(job.name);
    if (!contract || contract.queue !== job.queueName || !handler)
      throw new RefuseJob(`unknown job ${job.name.slice(0, 100)}`);
    applyRules(job, contract);
    const { meta, payload } = splitMeta(job.data);
    const parsed = contract.payload.safeParse(payload);
    if (!parsed.success) throw new RefuseJob(`invalid payload: ${explainPayload(parsed.error)}`);
    const context = { ...startContext(meta), ...actorOf(parsed.data) };
    await runInContext(context, () =>
      untilAborted(handler, parsed.data, contextOf(job, contract, abort), abort, contract),
    );
  }

  private async translate(error: unknown, job: Job, token: string): Promise<Error> {
    if (error instanceof HandedBack) {
      await job.moveToWait(token);
      return new WaitingError();
    }
    if (error instanceof WaitAndRetry) {
      await job.moveToDelayed(Date.now() + error.delayMs, token);
      this.log.log(`${job.name} ${job.id} waits ${error.delayMs} ms: ${error.message}`);
      return new DelayedError();
    }
    if (error instanceof RefuseJob) {
      job.opts.removeOnFail = KEEP_FAILED;
      this.log.error(`${job.queueName} refuses ${job.id}: ${error.message}`);
      return new UnrecoverableError(error.message);
    }
    const failure = error instanceof Error ? error : new Error(`the handler threw ${typeof error}`);
    this.log.warn(
      `${job.name} ${job.id} failed, run ${job.attemptsMade + 1} of ${job.opts.attempts}: ${failure.name}: ${failure.message}`,
    );
    return failure;
  }
}

/** Jobs also come from other services: our contract says how often they run and what stays of them, not the sender. */
function applyRules(job: Job, contract: JobContract): void {
  Object.assign(job.opts, retryRules(contract), { removeOnComplete: true, removeOnFail: KEEP_FAILED });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function splitMeta(data: unknown): { meta: Record<string, unknown>; payload: unknown } {
  if (!isRecord(data)) return { meta: {}, payload: data };
  const { meta, ...payload } = data;
  return { meta: isRecord(meta) ? meta : {}, payload };
}

function actorOf(payload: unknown): { tenantId?: string; actorId?: string } {
  if (!isRecord(payload)) return {};
  const { tenantId, actorId } = payload;
  return { ...(typeof tenantId === 'string' && { tenantId }), ...(typeof actorId === 'string' && { actorId }) };
}

const contextOf = (job: Job, { attempts }: JobContract, abort: AbortController) =>
  new JobContext([
    {
      id: String(job.id),
      name: job.name,
      queue: job.queueName,
      failedRuns: job.attemptsMade,
      starts: job.attemptsStarted,
      attempts,
      signal: abort.signal,
    },
  ]);

/**
 * The handler, unless it is aborted first. A handler that ignores its signal is left behind: it may go on to the end
 * beside the next run, which is why effects are guarded in PostgreSQL.
 */
async function untilAborted(
  handler: MessageHandler,
  payload: unknown,
  context: JobContext,
  abort: AbortController,
  { timeoutMs }: JobContract,
): Promise<void> {
  const { signal } = abort;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => abort.abort(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    await Promise.race([settle(handler, payload, context), aborted]);
  } catch (error) {
    // A handler that notices the signal first may throw anything: the reason is what counts.
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function settle(handler: MessageHandler, payload: unknown, context: JobContext): Promise<void> {
  const result: unknown = await handler(payload, context);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
