import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Answer, Client } from './harness/client.js';
import { eicar, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly fileId: string | null;
  readonly versionId: string | null;
  readonly requestId: string | null;
  readonly detail: Record<string, unknown>;
}

const NDJSON = 'application/x-ndjson';

describe('the audit log', () => {
  let system: System;
  let admin: Client;
  let writer: Client;
  let fileId: string;
  let versionId: string;
  let downloadUrl: string;
  const requestId = `audit-${randomUUID()}`;

  beforeAll(async () => {
    // A small heap: what is collected shows, and what is only not yet collected does not.
    system = await System.start({
      label: 'audit',
      env: { FILES_DELETE_RETENTION_DAYS: '0', NODE_OPTIONS: '--max-old-space-size=128' },
    });
    writer = await system.client(undefined, 'files:read files:export files:write');
    admin = await system.client(writer.caller.tenantId, 'files:admin');
    fileId = await writer.upload(textFile(), { filename: 'lease.txt' });
    ({ versionId } = await writer.until(fileId, 'available'));
    const answer = await writer.call('POST', `/v1/files/${fileId}/download-url`, {}, { 'x-request-id': requestId });
    downloadUrl = answer.body.url as string;
    const infected = await writer.upload(eicar(), { filename: 'bad.txt' });
    await writer.until(infected, 'rejected');
  }, 120_000);
  afterAll(() => system.stop());

  const read = (query = '', as = admin): Promise<Answer> => as.call('GET', `/v1/audit?${query}`);
  const found = async (query: string, as = admin) => (await read(query, as)).body.items as Entry[];
  const actions = (entries: readonly Entry[]) => entries.map(({ action }) => action);
  const open = (query: string, as = admin, accept = NDJSON): Promise<Response> =>
    fetch(`${system.apiUrl}/v1/audit?${query}`, { headers: { authorization: `Bearer ${as.caller.token}`, accept } });
  const take = async (query: string, as = admin, accept = NDJSON): Promise<Entry[]> => {
    const response = await open(query, as, accept);
    expect([query, response.status, response.headers.get('content-type')]).toEqual([query, 200, NDJSON]);
    const lines = (await response.text()).split('\n');
    expect(lines.pop()).toBe('');
    return lines.map((line) => JSON.parse(line) as Entry);
  };
  /** A tenant with `count` entries of its own, written as a step writes them. */
  async function tenantWith(count: number, bytes = 10): Promise<Client> {
    const client = await system.client();
    await system.rows(
      `INSERT INTO audit_log (tenant_id, actor, action, request_id, detail)
       SELECT $1, 'system:test', 'file.described', 'r-' || n % 10, jsonb_build_object('n', n, 'filler', repeat('x', $3::int))
         FROM generate_series(1, $2::int) n`,
      [client.caller.tenantId, count, bytes],
    );
    return client;
  }

  it('M37 tells the life of a file: every change and every URL handed out, who, when and on which request', async () => {
    const entries = await found(`fileId=${fileId}&order=asc`);
    expect(actions(entries)).toEqual(
      expect.arrayContaining([
        ...['version.awaiting_upload', 'version.uploaded', 'version.scanning', 'version.clean', 'version.available'],
        'file.download_url_created',
      ]),
    );
    for (const entry of entries) {
      expect(Object.keys(entry).sort()).toEqual(
        ['action', 'actor', 'at', 'detail', 'fileId', 'id', 'requestId', 'versionId'].sort(),
      );
      expect(entry.at).toBe(new Date(entry.at).toISOString());
      expect(entry.actor).toMatch(/^(user:[0-9a-f-]{36}|system:.+)$/);
    }
    expect(entries.find(({ action }) => action === 'file.download_url_created')).toMatchObject({
      ...{ fileId, versionId, requestId, actor: `user:${writer.caller.userId}` },
    });
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect((await found(`fileId=${fileId}`)).map(({ id }) => id)).toEqual(entries.map(({ id }) => id).reverse());
  });

  it('M37 filters by each of its filters, and by all together', async () => {
    const all = await found('limit=200');
    const user = `user:${writer.caller.userId}`;
    const [url] = await found(`requestId=${requestId}`);
    const after = new Date(Date.parse(url!.at) + 1).toISOString();
    const cases: [string, (entry: Entry) => boolean][] = [
      [`fileId=${fileId.toUpperCase()}`, (entry) => entry.fileId === fileId],
      [`versionId=${versionId}`, (entry) => entry.versionId === versionId],
      [`actor=${user}`, (entry) => entry.actor === user],
      ['action=version.available', (entry) => entry.action === 'version.available'],
      ['action=version.*', (entry) => entry.action.startsWith('version.')],
      [`from=${url!.at}`, (entry) => entry.at >= url!.at],
      [`to=${url!.at}`, (entry) => entry.at < url!.at],
      [`requestId=${requestId}`, (entry) => entry.requestId === requestId],
      [
        `fileId=${fileId}&versionId=${versionId}&actor=${user}&action=file.*&requestId=${requestId}&from=${url!.at}&to=${after}`,
        (entry) => entry.id === url!.id,
      ],
      [`fileId=${randomUUID()}`, () => false],
      ['action=share.*', () => false],
    ];
    const expected = (passes: (entry: Entry) => boolean) => all.filter(passes).map(({ id }) => id);
    for (const [query, passes] of cases)
      expect([query, (await found(`${query}&limit=200`)).map(({ id }) => id)]).toEqual([query, expected(passes)]);
    for (const [query, passes] of cases) {
      // The exports before it are entries by now.
      const taken = (await take(query)).filter(({ action }) => action !== 'audit.exported');
      expect([query, taken.map(({ id }) => id)]).toEqual([query, expected(passes)]);
    }
    expect(new Set(actions(all)).size).toBeGreaterThan(5);
  });

  it('M37 pages through everything once, in both orders', async () => {
    for (const order of ['asc', 'desc']) {
      const query = `order=${order}&actor=user:${writer.caller.userId}`;
      const whole = (await found(`${query}&limit=200`)).map(({ id }) => id);
      const seen: string[] = [];
      let page = await read(`${query}&limit=2`);
      for (;;) {
        seen.push(...(page.body.items as Entry[]).map(({ id }) => id));
        expect(page.body.hasMore).toBe(page.body.nextCursor !== null);
        if (!page.body.hasMore) break;
        expect(page.body.items).toHaveLength(2);
        page = await read(`${query}&limit=2&cursor=${page.body.nextCursor as string}`);
      }
      expect([order, seen]).toEqual([order, whole]);
      expect(whole.length).toBeGreaterThan(4);
    }
  });

  it('M37 refuses what it does not understand, all of it at once', async () => {
    const cursor = (await read('limit=1')).body.nextCursor as string;
    const cases: [string, string[]][] = [
      ['limit=0&fileId=x&from=yesterday', ['/limit', '/fileId', '/from']],
      ['limit=201', ['/limit']],
      ['cursor=x', ['/cursor']],
      [`cursor=${cursor}&order=asc`, ['/cursor']],
      ['cursor=x&format=ndjson', ['/cursor']],
      ['action=version', ['/action']],
      ['action=*', ['/action']],
      ['action=vers*', ['/action']],
      ['actor=somebody', ['/actor']],
      ['requestId=%00', ['/requestId']],
      ['format=csv', ['/format']],
      ['fileId=a&fileId=b', ['/fileId']],
    ];
    for (const [query, pointers] of cases) {
      const answer = await read(query);
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'validation-error']);
      expect((answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
    }
  });

  it('M37 M33 opens to files:admin and to no other scope', async () => {
    for (const headers of [{}, { accept: NDJSON }]) {
      const answer = await writer.call('GET', '/v1/audit', undefined, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
    }
    expect((await read()).status).toBe(200);
  });

  it('M37 M34 shows no entry of another tenant, whatever is asked', async () => {
    const stranger = await system.client();
    const cursor = (await read('limit=1')).body.nextCursor as string;
    const queries = [
      '',
      `fileId=${fileId}`,
      `requestId=${requestId}`,
      `cursor=${cursor}`,
      `tenantId=${admin.caller.tenantId}`,
    ];
    for (const query of queries) expect([query, await found(query, stranger)]).toEqual([query, []]);
    for (const query of queries)
      expect((await take(query, stranger)).filter(({ action }) => action !== 'audit.exported')).toEqual([]);
  });

  it('M37 exports the whole of a range, beyond any page, up to the moment of the request; and writes that down', async () => {
    const client = await tenantWith(1_234);
    for (const [query, accept] of [
      ['order=asc&action=file.described&limit=5', NDJSON],
      ['order=asc&action=file.described&format=ndjson', '*/*'],
    ] as const) {
      const entries = await take(query, client, accept);
      expect(entries.map(({ detail }) => detail['n'])).toEqual(Array.from({ length: 1_234 }, (_, index) => index + 1));
    }
    expect((await take('', client)).map(({ action }) => action).slice(0, 3)).toEqual([
      ...['audit.exported', 'audit.exported', 'file.described'],
    ]);
    expect(await take('requestId=r-3', client)).toHaveLength(123 + 1);
    const [exported] = await found('action=audit.*&limit=1', client);
    expect(exported).toMatchObject({
      actor: `user:${client.caller.userId}`,
      detail: { filter: { requestId: 'r-3' }, order: 'desc' },
    });
    // Pages are not written down.
    expect(await found('limit=1', client)).toEqual(await found('limit=1', client));
  });

  describe('a long export', () => {
    const [rows, bytes, page] = [40_000, 5_000, 200];
    let client: Client;

    beforeAll(async () => {
      client = await tenantWith(rows, bytes);
      // PostgreSQL counts the pages that are read: on connections opened from now on.
      await system.rows(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = %L', current_database(), 'all'); END $$`,
      );
      await pagesRead();
    }, 60_000);

    const OF_THE_API = `FROM pg_stat_activity WHERE datname = current_database() AND usename = 'custody_app'`;
    /** A connection reports what it counted when it ends, if not before. */
    const pagesRead = async (): Promise<number> => {
      await system.rows(`SELECT pg_terminate_backend(pid, 5000) ${OF_THE_API}`);
      const [row] = await system.rows<{ calls: string }>(
        `SELECT coalesce(max(calls), 0) AS calls FROM pg_stat_user_functions WHERE funcname = 'list_audit'`,
      );
      return Number(row?.calls);
    };
    /** Waits until no page has been asked for during two seconds. */
    const quiet = (): Promise<unknown> => {
      let last = { asked: '', since: Date.now() };
      return system.eventually('no more pages are read', async () => {
        const [row] = await system.rows<{ asked: string | null }>(
          `SELECT max(query_start)::text AS asked ${OF_THE_API} AND query LIKE '%list_audit%'`,
        );
        const asked = row?.asked ?? '';
        if (asked !== last.asked) last = { asked, since: Date.now() };
        return asked !== '' && Date.now() - last.since > 2_000;
      });
    };
    const peakMiB = () => {
      const status = readFileSync(`/proc/${system.running('files-api').pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
    };

    it('M37 waits for a slow reader, stays flat in memory, and is whole in the end', async () => {
      // A tenth of it, to be warm: what the whole adds to the peak is what grows with the size of an export.
      for (const request of ['r-1', 'r-2', 'r-3']) await take(`requestId=${request}`, client);
      const before = { pages: await pagesRead(), peak: peakMiB() };
      const response = await open('order=asc&action=file.described', client);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const first = await reader.read();
      await quiet();
      expect((await pagesRead()) - before.pages).toBeLessThan(rows / page / 2);
      let lines = 0;
      let size = 0;
      for (let piece = first; !piece.done; piece = await reader.read()) {
        size += piece.value.length;
        lines += piece.value.filter((byte) => byte === 0x0a).length;
      }
      expect(lines).toBe(rows);
      expect((await pagesRead()) - before.pages).toBe(rows / page + 1);
      expect(peakMiB() - before.peak).toBeLessThan(size / 2 ** 20 / 2);
    }, 60_000);

    it('M37 ends the reading when the reader leaves', async () => {
      const before = await pagesRead();
      const response = await open('', client);
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await reader.cancel();
      await quiet();
      expect((await pagesRead()) - before).toBeLessThan(rows / page / 2);
      expect((await read('limit=1', client)).status).toBe(200);
    }, 60_000);
  });

  it('M37 S35 no entry holds a URL, a token or a signature', async () => {
    const entries = JSON.stringify(await take(''));
    expect(downloadUrl).toMatch(/X-Amz-Signature=/);
    const signature = new URL(downloadUrl).searchParams.get('X-Amz-Signature') ?? '';
    expect(entries).toContain('file.download_url_created');
    expect(entries).not.toMatch(/X-Amz|https?:|Bearer|eyJ/i);
    for (const secret of [signature, writer.caller.token, admin.caller.token]) expect(entries).not.toContain(secret);
  });

  it('M37 the entries of a file stay when it is deleted and its bytes are purged', async () => {
    const gone = await writer.upload(textFile(), { filename: 'gone.txt' });
    await writer.until(gone, 'available');
    const before = await found(`fileId=${gone}&limit=200`);
    expect((await writer.call('DELETE', `/v1/files/${gone}`)).status).toBe(204);
    const after = await system.eventually('the purge is written down', async () => {
      const entries = await found(`fileId=${gone}&limit=200`);
      return actions(entries).includes('file.purged') && entries;
    });
    expect(actions(after).slice(0, 2)).toEqual(['file.purged', 'file.deleted']);
    expect(after.slice(-before.length)).toEqual(before);
    expect((await writer.file(gone)).status).toBe(404);
    expect((await take(`fileId=${gone}`)).map(({ id }) => id)).toEqual(after.map(({ id }) => id));
  });
});
