import type { Actor } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';

export const WINDOW_SEC = 60;

/** A budget that every request of its owner is counted against. */
export interface Policy {
  readonly name: 'tenant' | 'user';
  readonly limit: number;
  readonly keyOf: (actor: Actor) => string;
}

/** By what the token says (S36): an address or `X-Forwarded-For` is the sender's word. */
export function policiesOf({ tenantPerMinute, userPerMinute }: FilesApiConfig['rateLimits']): Policy[] {
  const policies: Policy[] = [
    { name: 'tenant', limit: tenantPerMinute, keyOf: ({ tenantId }) => `{${tenantId}}` },
    { name: 'user', limit: userPerMinute, keyOf: ({ tenantId, userId }) => `{${tenantId}}:${userId}` },
  ];
  return policies.filter(({ limit }) => limit > 0);
}
