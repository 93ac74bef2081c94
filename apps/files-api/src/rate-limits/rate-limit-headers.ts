import type { BudgetState } from '@custody/queues';
import { WINDOW_SEC, type Policy } from './policies.js';

/** draft-ietf-httpapi-ratelimit-headers-10, 3: quota `q` in windows of `w` seconds. */
export function policyHeader(policies: readonly Policy[]): string {
  return policies.map(({ name, limit }) => `"${name}";q=${limit};w=${WINDOW_SEC}`).join(', ');
}

/** The same, 4: `r` left of it for `t` seconds. */
export function stateHeader(policies: readonly Policy[], states: readonly BudgetState[]): string {
  return policies
    .map(({ name }, at) => `"${name}";r=${states[at]?.remaining ?? 0};t=${secondsOf(states[at]?.resetMs ?? 0)}`)
    .join(', ');
}

/** Until every budget that is used up has a new window. */
export function retryAfterSec(states: readonly BudgetState[]): number {
  return Math.max(1, ...states.filter(({ remaining }) => remaining === 0).map(({ resetMs }) => secondsOf(resetMs)));
}

const secondsOf = (ms: number): number => Math.ceil(ms / 1_000);
