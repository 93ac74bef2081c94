import { Logger } from '@nestjs/common';
import { Reconnection } from '../reconnection.js';
import { LocalBudgets } from './local-budgets.js';
import { SharedBudgets } from './shared-budgets.js';
import type { Budget, Spending } from './spending.js';

export interface RateBudgetsOptions {
  readonly url: string;
  /** First part of every Redis key. */
  readonly prefix: string;
  /** Longest a request waits for Redis, in milliseconds. */
  readonly timeoutMs: number;
  readonly windowMs: number;
}

/** After a failure Redis is asked by one request in this time; the others do not wait for it. */
const RETRY_MS = 1_000;

/**
 * Counts requests against budgets that all processes share. While Redis is away each process keeps budgets of its own with the same
 * limits: nobody is refused for an outage, and nobody is unlimited (ADR 0020).
 */
export class RateBudgets {
  private readonly log = new Logger(RateBudgets.name);
  private readonly reconnection = new Reconnection();
  private readonly shared: SharedBudgets;
  private readonly local: LocalBudgets;
  private away = false;
  private nextTry = 0;

  constructor({ url, prefix, timeoutMs, windowMs }: RateBudgetsOptions) {
    this.shared = new SharedBudgets({ url, prefix, timeoutMs, retryStrategy: this.reconnection.strategy }, windowMs);
    this.local = new LocalBudgets(windowMs);
  }

  /** False while this process counts for itself. */
  get isShared(): boolean {
    return !this.away;
  }

  async connect(): Promise<void> {
    await this.shared.connect().catch((error: unknown) => this.leave(error));
  }

  /** Takes one from each budget, or from none when one of them is used up. */
  async spend(budgets: readonly Budget[]): Promise<Spending> {
    if (!this.mayAsk()) return this.local.spend(budgets);
    try {
      const spending = await this.shared.spend(budgets);
      this.comeBack();
      return spending;
    } catch (error) {
      this.leave(error);
      return this.local.spend(budgets);
    }
  }

  close(): void {
    this.reconnection.stop();
    this.shared.close();
  }

  private mayAsk(): boolean {
    if (!this.away) return true;
    const now = performance.now();
    if (now < this.nextTry) return false;
    this.nextTry = now + RETRY_MS;
    return true;
  }

  private leave(error: unknown): void {
    if (this.away) return;
    this.away = true;
    this.nextTry = performance.now() + RETRY_MS;
    this.log.warn(`requests are limited by this process alone, Redis does not answer: ${String(error)}`);
  }

  private comeBack(): void {
    if (!this.away) return;
    this.away = false;
    this.local.clear();
    this.log.log('requests are limited by all processes together again');
  }
}
