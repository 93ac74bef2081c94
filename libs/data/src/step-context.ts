import type { TenantId, UserId } from '@custody/domain';

/** Who acts, for which tenant, on whose request. Travels into every SQL step and ends up in the audit log and the outbox. */
export interface StepContext {
  readonly tenantId: TenantId;
  readonly actor: `user:${UserId}` | `system:${string}`;
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The same for work that spans tenants. */
export type SystemContext = Omit<StepContext, 'tenantId'>;
