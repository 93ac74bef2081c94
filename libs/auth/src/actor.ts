import type { TenantId, UserId } from '@custody/domain';

/** Who acts, as the token says and nothing else does. `groups`: access groups the user is a member of. */
export interface Actor {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly scopes: ReadonlySet<string>;
  readonly groups: readonly string[];
  /** `exp` of the token: seconds since 1970. */
  readonly expiresAtSec: number;
  /** Of an upload token: where it may upload to. Absent: another token. */
  readonly bounds?: UploadBounds;
}

/** What an upload token is bound to; an empty object: nothing. */
export interface UploadBounds {
  readonly bucket?: string;
  readonly folderId?: string;
}
