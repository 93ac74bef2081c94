import type { Share } from '@custody/data';
import type { ShareView } from './shares.schema.js';

export function shareView({ userId, grantedBy, createdAt, expiresAt }: Share): ShareView {
  return {
    userId,
    grantedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}
