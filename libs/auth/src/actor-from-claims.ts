import { isUuid, type TenantId, type UserId } from '@custody/domain';
import type { Actor } from './actor.js';
import { AuthError } from './auth.error.js';

/**
 * Reads the actor out of verified claims; `nowSec` is the time and `toleranceSec` what clocks may differ, both in
 * seconds. Every claim has exactly one accepted shape, anything else is an invalid token.
 */
export function actorFromClaims(claims: unknown, nowSec: number, toleranceSec: number): Actor {
  if (typeof claims !== 'object' || claims === null) throw AuthError.invalidToken();
  const { exp, iat, sub, tenant_id, scope, groups } = claims as Record<string, unknown>;
  // The verifier checks `exp` where there is one; a token without an end is none of ours (RFC 8725, 3.10).
  if (typeof exp !== 'number') throw AuthError.invalidToken('The token has no expiry.');
  if (iat !== undefined && !(typeof iat === 'number' && iat <= nowSec + toleranceSec)) {
    throw AuthError.invalidToken('The token is issued in the future.');
  }
  return {
    tenantId: uuidClaim<TenantId>('tenant_id', tenant_id),
    userId: uuidClaim<UserId>('sub', sub),
    scopes: scopesOf(scope),
    groups: groupsOf(groups),
    expiresAtSec: exp,
  };
}

/** UUIDs compare without regard to case (RFC 9562, 4); ours are written in lower case everywhere. */
function uuidClaim<Id extends string>(name: string, value: unknown): Id {
  const id = typeof value === 'string' ? value.toLowerCase() : value;
  if (!isUuid(id)) throw AuthError.invalidToken(`The claim ${name} is not a UUID.`);
  return id as Id;
}

/** Space-separated (RFC 8693, 4.2); without the claim, no scope. */
function scopesOf(scope: unknown): ReadonlySet<string> {
  if (scope === undefined) return new Set();
  if (typeof scope !== 'string') throw AuthError.invalidToken('The claim scope is not a string.');
  return new Set(scope.split(' ').filter((name) => name !== ''));
}

function groupsOf(groups: unknown): readonly string[] {
  if (groups === undefined) return [];
  if (!Array.isArray(groups)) throw AuthError.invalidToken('The claim groups is not a list.');
  return groups.map((group: unknown) => uuidClaim('groups', group));
}
