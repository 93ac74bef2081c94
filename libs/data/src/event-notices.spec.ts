import { EventEmitter } from 'node:events';
import type { FileEventHint } from '@custody/contracts';
import type pg from 'pg';
import { passOnNotices } from './event-notices.js';

describe('notices of events', () => {
  const hints: FileEventHint[] = [];
  const pool = new EventEmitter();
  passOnNotices(pool as unknown as pg.Pool, { announce: (announced) => void hints.push(...announced) });
  beforeEach(() => {
    hints.length = 0;
  });

  function connection(): EventEmitter {
    const client = new EventEmitter();
    pool.emit('connect', client);
    return client;
  }
  const tell = (client: EventEmitter, tenant: string, file: string) =>
    client.emit('notice', { message: 'custody.file_event', detail: `${tenant} ${file}` });

  it('are passed on when the connection goes back, not before its step is committed', () => {
    const [one, other] = [connection(), connection()];
    tell(one, 't', 'a');
    tell(one, 't', 'a');
    tell(other, 'u', 'b');
    one.emit('notice', { message: 'relation "x" already exists, skipping' });
    expect(hints).toEqual([]);
    pool.emit('release', undefined, one);
    expect(hints).toEqual([{ tenantId: 't', fileId: 'a' }]);
    pool.emit('release', undefined, one);
    pool.emit('release', undefined, other);
    expect(hints).toEqual([
      { tenantId: 't', fileId: 'a' },
      { tenantId: 'u', fileId: 'b' },
    ]);
  });
});
