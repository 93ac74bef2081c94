import { Redis } from 'ioredis';
import type { Budget, Spending } from './spending.js';

/**
 * Requests with the same budgets in one round trip: as many of them are granted as every budget has left, and what one budget refuses
 * no other counts: else a user over his own budget would use up his tenant's. ARGV: the window in milliseconds, how many requests,
 * then the limits. A window begins with its first request. Answers how many are granted, and of each budget what was used
 * before and the milliseconds left.
 */
const SPEND = `
local used, granted = {}, tonumber(ARGV[2])
for i, key in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', key) or '0')
  granted = math.max(0, math.min(granted, tonumber(ARGV[i + 2]) - used[i]))
end
local answer = { granted }
for i, key in ipairs(KEYS) do
  if granted > 0 then
    redis.call('INCRBY', key, granted)
    if used[i] == 0 then redis.call('PEXPIRE', key, ARGV[1]) end
  end
  answer[#answer + 1] = used[i]
  answer[#answer + 1] = redis.call('PTTL', key)
end
return answer`;

/** `spend` as ioredis defines it: EVALSHA, and EVAL where Redis does not know the script yet. */
interface Spender {
  spend(count: number, ...args: (string | number)[]): unknown;
}

interface Asking {
  readonly resolve: (spending: Spending) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests with the same budgets, in the order in which they came. */
interface Askers {
  readonly budgets: readonly Budget[];
  readonly asking: Asking[];
}

/** Of one call in a pipeline. */
type Answer = [error: unknown, answer: unknown];
const NO_ANSWER: Answer = [new Error('Redis gave no answer'), null];

export interface SharedBudgetsOptions {
  readonly url: string;
  /** First part of every key. */
  readonly prefix: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly retryStrategy: (times: number) => number | null;
}

/**
 * Budgets kept in Redis, on a connection of their own that fails at once instead of waiting. Requests of one turn of the event loop
 * go out in one write, those with the same budgets in one call.
 */
export class SharedBudgets {
  private readonly redis: Redis;
  private askers = new Map<string, Askers>();

  constructor(
    { url, prefix, timeoutMs, retryStrategy }: SharedBudgetsOptions,
    private readonly windowMs: number,
  ) {
    this.redis = new Redis(url, {
      keyPrefix: `${prefix}:rate:`,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      commandTimeout: timeoutMs,
      disconnectTimeout: timeoutMs,
      retryStrategy,
    });
    // Each command says for itself that it failed.
    this.redis.on('error', () => undefined);
    this.redis.defineCommand('spend', { lua: SPEND });
  }

  /** Resolves when the connection is there, rejects when the first try failed; further ones follow by themselves. */
  async connect(): Promise<void> {
    await this.redis.connect();
  }

  /** Rejects when Redis does not answer in time. */
  spend(budgets: readonly Budget[]): Promise<Spending> {
    return new Promise((resolve, reject) => {
      if (this.askers.size === 0) setImmediate(() => void this.ask());
      const name = JSON.stringify(budgets);
      const same = this.askers.get(name);
      if (same === undefined) this.askers.set(name, { budgets, asking: [{ resolve, reject }] });
      else same.asking.push({ resolve, reject });
    });
  }

  close(): void {
    this.redis.disconnect();
  }

  private async ask(): Promise<void> {
    const all = [...this.askers.values()];
    this.askers = new Map();
    const calls = this.redis.pipeline();
    const spender = calls as unknown as Spender;
    for (const { budgets, asking } of all) {
      const keys = budgets.map(({ key }) => key);
      spender.spend(keys.length, ...keys, this.windowMs, asking.length, ...budgets.map(({ limit }) => limit));
    }
    const answers = await calls.exec().catch((error: unknown) => all.map((): Answer => [error, null]));
    all.forEach((askers, at) => this.tell(askers, answers?.[at] ?? NO_ANSWER));
  }

  private tell({ budgets, asking }: Askers, [error, answer]: Answer): void {
    if (error !== null) {
      for (const { reject } of asking) reject(error);
      return;
    }
    const [granted = 0, ...states] = answer as number[];
    asking.forEach(({ resolve }, before) => {
      const taken = Math.min(before + 1, granted);
      resolve({
        allowed: before < granted,
        states: budgets.map(({ limit }, at) => ({
          remaining: Math.max(0, limit - (states[2 * at] ?? 0) - taken),
          // Negative: a window that no request has begun yet.
          resetMs: Math.max(0, states[2 * at + 1] ?? 0) || this.windowMs,
        })),
      });
    });
  }
}
