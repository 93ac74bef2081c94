import type { TenantId, UserId } from '@custody/domain';

/** Names one creating request: its step happens once per tenant, actor and key (ADR 0019). */
export interface Once {
  readonly key: string;
  /** Hash of what is asked; the same key with another one is refused as `IDEMPOTENCY_KEY_REUSED`. */
  readonly fingerprint: string;
  /** How long the key is remembered, in seconds. */
  readonly keepSec: number;
  /** UUID of a claim made before the step (`IdempotencyKeysRepository.claim`). */
  readonly claim?: string;
  /** Set by the step: it had happened before, and what it returns is what it made then. */
  replayed: boolean;
}

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
  /** Of a creating request with an Idempotency-Key; other steps pay no heed. */
  readonly once?: Once | undefined;
}

/** The context of a step that happens once. */
export type OnceContext = StepContext & { readonly once: Once };

export const isOnce = (context: StepContext): context is OnceContext => context.once !== undefined;

/** The same for work that spans tenants. */
export type SystemContext = Omit<StepContext, 'tenantId' | 'once'>;
