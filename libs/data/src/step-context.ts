import type { TenantId, UserId } from '@custody/domain';

/**
 * Who acts, for which tenant, on whose request. Travels into every SQL step and ends up in the audit log and the outbox. The access
 * rule (ADR 0014) reads it too: a `system:` actor and an administrator see every file of the tenant.
 */
export interface StepContext {
  readonly tenantId: TenantId;
  readonly actor: `user:${UserId}` | `system:${string}`;
  /** Access groups the token names, UUIDs; memberships kept here are found by PostgreSQL. */
  readonly groups?: readonly string[];
  readonly isAdmin?: boolean;
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The same for work that spans tenants. */
export type SystemContext = Omit<StepContext, 'tenantId'>;
