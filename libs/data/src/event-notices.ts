import type { FileEventHint, FileEventHints } from '@custody/contracts';
import type pg from 'pg';

/** From this many files of one step on, the whole tenant is named instead. */
const MANY = 16;
const MESSAGE = 'custody.file_event';

/**
 * Passes on what steps tell with a NOTICE of `append_file_event`, in one place for every step there is. The notice comes before the
 * commit is done, so it waits until the connection goes back to its pool: a reader that is woken earlier would find nothing.
 */
export function passOnNotices(pool: pg.Pool, hints: FileEventHints | undefined): void {
  if (hints === undefined) return;
  const told = new WeakMap<object, string[]>();
  pool.on('connect', (client) => {
    const files: string[] = [];
    told.set(client, files);
    client.on('notice', ({ message, detail }) => {
      if (message === MESSAGE && detail !== undefined) files.push(detail);
    });
  });
  pool.on('release', (_error, client) => {
    const files = told.get(client)?.splice(0) ?? [];
    if (files.length > 0) hints.announce(hintsOf(files));
  });
}

/** `details`: "tenant file" of each event. */
function hintsOf(details: readonly string[]): FileEventHint[] {
  const hints = [...new Set(details)].map((detail): FileEventHint => {
    const [tenantId = '', fileId = ''] = detail.split(' ');
    return { tenantId, fileId };
  });
  if (hints.length <= MANY) return hints;
  const byTenant = Map.groupBy(hints, ({ tenantId }) => tenantId);
  return [...byTenant].flatMap(([tenantId, ofTenant]) =>
    ofTenant.length > MANY ? [{ tenantId, fileId: null }] : ofTenant,
  );
}
