import { Redis } from 'ioredis';
import type { Budget, Spending } from './spending.js';

/**
 * One round trip for all budgets of a request, and no request is counted that another budget refuses: else a user over his own
 * budget would use up his tenant's. ARGV: the window in milliseconds, then the limits. A window begins with its first request.
 */
const SPEND = `
local used, allowed = {}, 1
for i, key in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', key) or '0')
  if used[i] >= tonumber(ARGV[i + 1]) then allowed = 0 end
end
local answer = { allowed }
for i, key in ipairs(KEYS) do
  if allowed == 1 then
    used[i] = redis.call('INCR', key)
    if used[i] == 1 then redis.call('PEXPIRE', key, ARGV[1]) end
  end
  answer[#answer + 1] = used[i]
  answer[#answer + 1] = redis.call('PTTL', key)
end
return answer`;

/** `spend` as ioredis defines it: EVALSHA, and EVAL where Redis does not know the script yet. */
interface Spender {
  spend(count: number, ...args: (string | number)[]): Promise<number[]>;
}

export interface SharedBudgetsOptions {
  readonly url: string;
  /** First part of every key. */
  readonly prefix: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly retryStrategy: (times: number) => number | null;
}

/** Budgets kept in Redis, on a connection of their own that fails at once instead of waiting. */
export class SharedBudgets {
  private readonly redis: Redis;

  constructor(
    { url, prefix, timeoutMs, retryStrategy }: SharedBudgetsOptions,
    private readonly windowMs: number,
  ) {
    this.redis = new Redis(url, {
      keyPrefix: `${prefix}:rate:`,
      lazyConnect: true,
      enableOfflineQueue: false,
      // Requests of one turn of the event loop go out in one write.
      enableAutoPipelining: true,
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
  async spend(budgets: readonly Budget[]): Promise<Spending> {
    const keys = budgets.map(({ key }) => key);
    const limits = budgets.map(({ limit }) => limit);
    const spender = this.redis as unknown as Spender;
    const [allowed, ...states] = await spender.spend(keys.length, ...keys, this.windowMs, ...limits);
    return {
      allowed: allowed === 1,
      states: limits.map((limit, at) => ({
        remaining: Math.max(0, limit - (states[2 * at] ?? 0)),
        // Negative: a window that no request has begun yet.
        resetMs: Math.max(0, states[2 * at + 1] ?? 0) || this.windowMs,
      })),
    };
  }

  close(): void {
    this.redis.disconnect();
  }
}
