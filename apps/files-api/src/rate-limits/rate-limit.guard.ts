import type { FilesApiConfig } from '@custody/config';
import { CustodyError } from '@custody/domain';
import { Metrics } from '@custody/observability';
import { RateBudgets } from '@custody/queues';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import type { CallingRequest } from '../requests/caller.decorator.js';
import { policiesOf, type Policy } from './policies.js';
import { policyHeader, retryAfterSec, stateHeader } from './rate-limit-headers.js';

/**
 * Counts every request that is let in, one each whatever is in it. Runs after the guard that authenticates; doors for everybody
 * (health, metrics, the document, store events) are not counted.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly policies: readonly Policy[];
  private readonly policyHeader: string;
  private readonly refused;

  constructor(
    private readonly budgets: RateBudgets,
    metrics: Metrics,
    @Inject(CONFIG) { rateLimits }: FilesApiConfig,
  ) {
    this.policies = policiesOf(rateLimits);
    this.policyHeader = policyHeader(this.policies);
    this.refused = metrics.counter({
      name: 'custody_rate_limited_total',
      help: 'Requests refused because a budget was used up',
      labels: ['budget'],
    });
    metrics.measured(
      {
        name: 'custody_rate_limits_shared',
        help: '1 while requests are counted by all processes together, 0 while Redis is away and this one counts for itself',
      },
      () => Number(budgets.isShared),
    );
  }

  /** Throws `TOO_MANY_REQUESTS`. */
  async canActivate(execution: ExecutionContext): Promise<boolean> {
    // Resolvers and jobs: what brought them here was counted, or is no request.
    if (execution.getType() !== 'http' || this.policies.length === 0) return true;
    const { actor } = execution.switchToHttp().getRequest<CallingRequest>();
    if (actor === undefined) return true;
    const wanted = this.policies.map(({ limit, keyOf }) => ({ limit, key: keyOf(actor) }));
    const { allowed, states } = await this.budgets.spend(wanted);
    execution
      .switchToHttp()
      .getResponse<FastifyReply>()
      .headers({
        'ratelimit-policy': this.policyHeader,
        ratelimit: stateHeader(this.policies, states),
      });
    if (allowed) return true;
    const empty = this.policies.filter((_, at) => states[at]?.remaining === 0);
    for (const { name } of empty) this.refused.inc({ budget: name });
    const detail = `The budget of the ${empty.map(({ name }) => name).join(' and the ')} is used up.`;
    throw new CustodyError('TOO_MANY_REQUESTS', detail, { retryAfterSec: retryAfterSec(states) });
  }
}
