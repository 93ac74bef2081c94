import type { TenantId, UserId } from '@custody/domain';

/** Who acts, as the token says and nothing else does. `groups`: access groups the user is a member of. */
export interface Actor {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly scopes: ReadonlySet<string>;
  readonly groups: readonly string[];
  /** `exp` of the token: seconds since 1970. */
  readonly expiresAtSec: number;
}
