import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Answer, Client } from './harness/client.js';
import { pngFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { hashOf } from './harness/transfer.js';

describe('the listing', () => {
  let system: System;
  let client: Client;
  let colleague: Client;
  const ids: Record<string, string> = {};
  const bytes = textFile();

  beforeAll(async () => {
    system = await System.start({ label: 'listing' });
    client = await system.client();
    colleague = await system.client(client.caller.tenantId);
    ids['lease'] = await client.upload(bytes, {
      filename: 'Lease 2026.txt',
      metadata: { case: 'A-1', pages: 2, tags: ['x', 'y'] },
    });
    ids['note'] = await client.upload(textFile(), {
      filename: 'note.txt',
      bucket: 'assets',
      metadata: { case: 'A-2', externalId: 'INV-1' },
    });
    ids['picture'] = await colleague.upload(pngFile(), {
      filename: 'lease.png',
      mimeType: 'image/png',
      bucket: 'avatars',
      metadata: { case: 'A-1', externalIds: ['INV-1', 'INV-2'] },
    });
    for (const id of Object.values(ids)) await client.until(id, 'available');
    for (const [name, path] of [
      ['lease', 'case/A-1'],
      ['picture', 'case/A-1'],
      ['note', 'unit/a:1'],
    ] as const)
      await client.call('PUT', `/v1/files/${ids[name]}/subjects/${path}`);
    ids['pending'] = (await client.presign(10, { filename: 'pending.txt' })).body.fileId;
    const stranger = await system.client();
    await stranger.upload(textFile(), { filename: 'lease of another tenant.txt', metadata: { case: 'A-1' } });
  }, 120_000);
  afterAll(() => system.stop());

  const list = (query: string, as = client): Promise<Answer> => as.call('GET', `/v1/files?${query}`);
  const namesOf = ({ body }: Answer) =>
    (body.items as { fileId: string }[]).map(
      ({ fileId }) => Object.keys(ids).find((name) => ids[name] === fileId) ?? fileId,
    );
  const found = async (query: string) => namesOf(await list(query));
  const json = (value: unknown) => encodeURIComponent(JSON.stringify(value));

  it('M28 lists what the tenant has, newest first, as reading one by one shows it', async () => {
    const answer = await list('');
    expect(answer).toMatchObject({ status: 200, body: { hasMore: false, nextCursor: null } });
    expect(namesOf(answer)).toEqual(['pending', 'picture', 'note', 'lease']);
    for (const item of answer.body.items) expect(item).toEqual((await client.file(item.fileId)).body);
  });

  it('M28 M13 filters by each of its filters, and by all together', async () => {
    const lease = (await client.file(ids['lease'] ?? '')).body;
    const cases: [string, string[]][] = [
      [`id=${ids['note']}`, ['note']],
      ['name=LEASE', ['picture', 'lease']],
      ['filename=lease.png', ['picture']],
      ['filename=Lease.png', []],
      ['mimeType=image/png', ['picture']],
      [`createdBy=${colleague.caller.userId}`, ['picture']],
      [`createdFrom=${lease.createdAt}`, ['pending', 'picture', 'note', 'lease']],
      [`createdTo=${lease.createdAt}`, []],
      [
        `updatedFrom=${lease.updatedAt}&updatedTo=${new Date(Date.parse(lease.updatedAt) + 1).toISOString()}`,
        ['lease'],
      ],
      ['bucket=assets', ['note']],
      ['status=pending_scan', ['pending']],
      ['status=rejected', []],
      ['folder=root', ['pending', 'picture', 'note', 'lease']],
      ['subject=case:A-1', ['picture', 'lease']],
      ['subject=case:A-1&status=available&bucket=avatars&metadata.case=A-1', ['picture']],
      ['subject=unit:a:1', ['note']],
      ['subject=unit:A-1', []],
      [`metadata=${json({ case: 'A-1' })}`, ['picture', 'lease']],
      [`metadata=${json({ pages: 2.0, tags: ['y'] })}`, ['lease']],
      ['metadata.case=A-2', ['note']],
      [`metadata=${json({ tags: ['x'] })}&metadata.case=A-1`, ['lease']],
      ['externalId=INV-1', ['picture', 'note']],
      [
        `name=lea&mimeType=text/plain&bucket=documents&status=available&folder=root&metadata.case=A-1&createdBy=${client.caller.userId}` +
          `&createdFrom=${lease.createdAt}&updatedFrom=${lease.createdAt}&createdTo=2999-01-01T00:00:00Z&updatedTo=2999-01-01T00:00:00%2B02:00`,
        ['lease'],
      ],
    ];
    for (const [query, names] of cases) expect([query, await found(query)]).toEqual([query, names]);
  });

  it('M28 pages through everything once, in every order', async () => {
    for (const order of ['sort=createdAt&order=asc', 'sort=updatedAt&order=desc', 'sort=updatedAt&order=asc']) {
      const whole = await found(order);
      const seen: string[] = [];
      let page = await list(`${order}&limit=1`);
      for (;;) {
        expect(page.body.items).toHaveLength(1);
        seen.push(...namesOf(page));
        expect(page.body.hasMore).toBe(page.body.nextCursor !== null);
        if (!page.body.hasMore) break;
        page = await list(`${order}&limit=1&cursor=${page.body.nextCursor as string}`);
      }
      expect([order, seen]).toEqual([order, whole]);
      expect(seen).toHaveLength(4);
    }
  });

  it('M28 refuses what it does not understand, all of it at once', async () => {
    const { body } = await list('limit=10');
    expect(body.hasMore).toBe(false);
    const cursor = (await list('limit=1')).body.nextCursor as string;
    const cases: [string, string[]][] = [
      ['limit=0&status=gone&createdFrom=yesterday', ['/limit', '/createdFrom', '/status']],
      ['limit=201', ['/limit']],
      ['limit=1&limit=2', ['/limit']],
      ['cursor=x', ['/cursor']],
      [`cursor=${cursor}&order=asc`, ['/cursor']],
      ['metadata=[1]', ['/metadata']],
      ['metadata={', ['/metadata']],
      ['metadata.x=%00', ['/metadata']],
      ['name=%00', ['/name']],
      ['folder=somewhere', ['/folder']],
      ['subject=case', ['/subject']],
      ['subject=Case:1', ['/subject']],
      ['subject=case:', ['/subject']],
      ['createdTo=0000-01-01T00:00:00Z', ['/createdTo']],
      ['updatedTo=9999-12-31T23:59:59-12:00', ['/updatedTo']],
    ];
    for (const [query, pointers] of cases) {
      const answer = await list(query);
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'validation-error']);
      expect((answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
    }
  });

  it('M28 M26 M37 gives each available item a URL of 15 minutes, for files:export only, and writes it down', async () => {
    const requestId = `listing-${randomUUID()}`;
    const answer = await client.call('GET', '/v1/files?urls=true', undefined, { 'x-request-id': requestId });
    const pending = answer.body.items.find((item: { fileId: string }) => item.fileId === ids['pending']);
    const lease = answer.body.items.find((item: { fileId: string }) => item.fileId === ids['lease']);
    expect(pending.downloadUrl).toBeNull();
    expect(lease.downloadUrl.expiresIn).toBe(900);
    expect(await hashOf(lease.downloadUrl.url)).toEqual({ status: 200, sha256: sha256(bytes), size: bytes.length });
    const rows = await system.rows<{ file_id: string; detail: object }>(
      `SELECT file_id, detail FROM audit_log WHERE request_id = $1 AND action = 'file.download_url_created'`,
      [requestId],
    );
    expect(rows.map((row) => row.file_id).sort()).toEqual([ids['lease'], ids['note'], ids['picture']].sort());
    expect(JSON.stringify(rows)).not.toMatch(/X-Amz/i);

    const reader = await system.client(client.caller.tenantId, 'files:read');
    expect(await list('urls=true', reader)).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
    expect((await list('', reader)).status).toBe(200);
  });

  it('M28 S31 answers any query with a page of its own tenant or a refusal', async () => {
    const stranger = await system.client();
    const parameter = fc.constantFrom(
      ...['limit', 'cursor', 'sort', 'order', 'urls', 'id', 'name', 'filename', 'mimeType', 'createdBy', 'createdFrom'],
      ...[
        'createdTo',
        'updatedFrom',
        'updatedTo',
        'bucket',
        'status',
        'folder',
        'subject',
        'metadata',
        'metadata.a',
        'metadata.',
        'externalId',
      ],
    );
    const cursor = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'NaN' : date.toISOString())),
      fc.uuid(),
      cursor,
      fc.constantFrom(
        'root',
        'true',
        'asc',
        'case:A-1',
        'updatedAt',
        'available',
        'documents',
        '-1',
        '1e9',
        "' OR 1=1 --",
        '\\',
        '%',
        '_',
      ),
    );
    const anyQuery = fc.array(fc.tuple(parameter, value), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const text = query.map(([name, one]) => `${name}=${encodeURIComponent(one.toWellFormed())}`).join('&');
        const { status, body } = await list(text, stranger);
        expect([200, 400, 404]).toContain(status);
        if (status === 200) expect(body.items).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);

  it('M34 S31 shows another tenant nothing of it, whatever it asks', async () => {
    const stranger = await system.client();
    expect((await list(`tenantId=${client.caller.tenantId}`, stranger)).body.items).toEqual([]);
    expect((await list(`id=${ids['lease']}`, stranger)).body.items).toEqual([]);
    expect((await list('subject=case:A-1', stranger)).body.items).toEqual([]);
    const cursor = (await list('limit=1')).body.nextCursor as string;
    expect((await list(`cursor=${cursor}`, stranger)).body.items).toEqual([]);
    expect(await list(`folder=${randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'FOLDER_NOT_FOUND' } });
  });

  it('M28 a deleted file is listed no more', async () => {
    const gone = await client.upload(textFile(), { filename: 'gone.txt' });
    expect((await list('name=gone')).body.items).toHaveLength(1);
    await client.call('DELETE', `/v1/files/${gone}`);
    expect((await list('name=gone')).body.items).toEqual([]);
  });
});
