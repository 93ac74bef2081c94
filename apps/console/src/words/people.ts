import type { Who } from '../session/who.js';

/** The service knows people by id only: `You`, or the beginning of the id. */
export function personName(userId: string, who: Who | undefined): string {
  return userId === who?.userId ? 'You' : `User ${userId.slice(0, 8)}`;
}

/** `/` is a place, not a name. */
export const folderName = (path: string | null): string =>
  path === null || path === '/' ? 'Root folder' : path.slice(1).replaceAll('/', ' / ');

/** Of the audit log: `user:{UUID}` or `system:{name}`. */
export function actorName(actor: string, who: Who | undefined): string {
  const [kind = '', name = ''] = actor.split(':');
  return kind === 'user' ? personName(name, who) : `Custody (${name.replaceAll('-', ' ')})`;
}
