import { randomUUID } from 'node:crypto';
import type { Answer, Client } from './harness/client.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

describe('folders', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'folders' });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterAll(() => system.stop());

  const create = (name: string, parentId: string | null = null, as = client): Promise<Answer> =>
    as.call('POST', '/v1/folders', { name, ...(parentId === null ? {} : { parentId }) });
  const made = async (name: string, parentId: string | null = null): Promise<string> => {
    const { status, body } = await create(name, parentId);
    expect(status).toBe(201);
    return body.folderId as string;
  };
  const folder = (id: string) => client.call('GET', `/v1/folders/${id}`);
  const patch = (id: string, body: object, ifMatch?: string): Promise<Answer> =>
    client.call('PATCH', `/v1/folders/${id}`, body, ifMatch === undefined ? {} : { 'if-match': ifMatch });
  const list = (query = '') => client.call('GET', `/v1/folders?${query}`);
  const names = ({ body }: Answer) => (body.items as { name: string }[]).map(({ name }) => name);
  const fileIn = async (folderId: string | null, filename = 'note.txt'): Promise<string> => {
    const fileId = (await client.presign(10, { filename })).body.fileId as string;
    expect((await client.call('PATCH', `/v1/files/${fileId}`, { folderId })).status).toBe(200);
    return fileId;
  };
  const remove = (id: string, query = '') => client.call('DELETE', `/v1/folders/${id}${query}`);

  it('M30 builds a tree, shows paths, lists a folder and the root', async () => {
    const created = await create('Cases');
    expect(created).toMatchObject({
      status: 201,
      body: { parentId: null, name: 'Cases', path: '/Cases', createdBy: client.caller.userId },
    });
    const cases = created.body.folderId as string;
    const a1 = await made('A-1', cases);
    await made('A-2', cases);
    const deep = await made('Письма', a1);
    expect((await folder(deep)).body).toMatchObject({ parentId: a1, path: '/Cases/A-1/Письма' });
    expect(names(await list())).toEqual(['Cases']);
    expect(names(await list(`parentId=${cases}`))).toEqual(['A-1', 'A-2']);
    expect((await folder(cases)).body).toEqual(created.body);

    const fileId = await fileIn(deep);
    expect((await client.file(fileId)).body).toMatchObject({ folderId: deep, folderPath: '/Cases/A-1/Письма' });
    expect((await client.call('GET', `/v1/files?folder=${deep}`)).body.items).toMatchObject([{ fileId }]);
    expect((await client.call('GET', `/v1/files?folder=${a1}`)).body.items).toEqual([]);
    expect((await client.call('GET', '/v1/files?folder=root')).body.items).toEqual([]);
    await client.call('PATCH', `/v1/files/${fileId}`, { folderId: null });
    expect((await client.call('GET', '/v1/files?folder=root')).body.items).toMatchObject([{ fileId, folderPath: '/' }]);
  });

  it('M30 M14 uploads straight into a folder, by every door, or not at all', async () => {
    const folderId = await made('Inbox');
    const gone = await made('gone');
    await remove(gone);
    const theirs = (await create('theirs', null, await system.client())).body.folderId as string;
    const note = { filename: 'note.txt', mimeType: 'text/plain', bucket: 'documents', size: 4 };
    const upload = async (to: string): Promise<Answer> => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ bucket: 'documents', folderId: to })) form.append(name, value);
      form.append('file', new Blob(['text'], { type: 'text/plain' }), 'note.txt');
      const headers = { authorization: `Bearer ${client.caller.token}` };
      const answer = await fetch(`${client.apiUrl}/v1/files/upload`, { method: 'POST', headers, body: form });
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    };
    const doors: [string, (to: string) => Promise<Answer>][] = [
      ['presign', (to) => client.call('POST', '/v1/files/presign', { ...note, folderId: to })],
      ['into a subject', (to) => client.call('POST', '/v1/subjects/case/A-1/presign', { ...note, folderId: to })],
      ['proxied', upload],
    ];
    for (const [door, into] of doors) {
      const { status, body } = await into(folderId);
      expect([door, status]).toEqual([door, 201]);
      expect((await client.file(body.fileId)).body).toMatchObject({ folderId, folderPath: '/Inbox' });
      for (const absent of [gone, theirs, randomUUID()])
        expect([door, await into(absent)]).toMatchObject([door, { status: 404, body: { code: 'FOLDER_NOT_FOUND' } }]);
      expect(await into('nonsense')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/folderId' }] } });
    }
    // Nothing of a refused upload stays: neither a row nor one of the tenant's places.
    expect((await client.call('GET', '/v1/files')).body.items).toHaveLength(doors.length);
    const [counted] = await system.rows<{ files: string; pending: number }>(
      'SELECT (SELECT count(*) FROM files WHERE tenant_id = $1) AS files, pending FROM tenant_quota WHERE tenant_id = $1',
      [client.caller.tenantId],
    );
    expect(Number(counted?.files)).toBe(doors.length);
    expect(counted?.pending).toBeLessThanOrEqual(doors.length);
    const audit = (await client.call('GET', '/v1/audit?action=file.updated')).body.items as { detail: object }[];
    expect(audit).toHaveLength(doors.length);
    expect(audit[0]).toMatchObject({ detail: { changed: ['folderId'], after: { folderId } } });
  });

  it('M30 pages through many folders once, by name', async () => {
    const parent = await made('many');
    const wanted = Array.from({ length: 23 }, (_, n) => `f ${String(n).padStart(2, '0')}`);
    await Promise.all(wanted.toReversed().map((name) => made(name, parent)));
    const seen: string[] = [];
    let page = await list(`parentId=${parent}&limit=10`);
    while (page.body.hasMore) {
      seen.push(...names(page));
      page = await list(`parentId=${parent}&limit=10&cursor=${page.body.nextCursor as string}`);
    }
    expect([...seen, ...names(page)]).toEqual(wanted);
    expect(page.body.nextCursor).toBeNull();
  });

  it('M30 keeps names unique in their parent, in NFC, also when many ask at once', async () => {
    const parent = await made('parent');
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('one', parent)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('FOLDER_EXISTS');
    await made('é', parent);
    expect((await create('e\u0301', parent)).body.code).toBe('FOLDER_EXISTS');
    const upper = await made('One', parent);
    expect(await patch(upper, { name: 'one' })).toMatchObject({ status: 409, body: { code: 'FOLDER_EXISTS' } });
    const elsewhere = await made('one');
    expect((await patch(elsewhere, { parentId: parent })).body.code).toBe('FOLDER_EXISTS');
    await remove(upper);
    await made('One', parent);
    for (const name of ['', '.', '..', 'a/b', 'a\nb', ' a', 'x'.repeat(256)])
      expect(await create(name, parent)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/name' }] } });
  });

  it('M30 renames and moves with all that is in it, under If-Match', async () => {
    const [a, b] = [await made('a'), await made('b')];
    const inner = await made('inner', a);
    const fileId = await fileIn(inner);
    const etagOf = async (path: string) => (await client.call('GET', path)).headers.get('etag') ?? '';
    const [fileTag, innerTag] = [await etagOf(`/v1/files/${fileId}`), await etagOf(`/v1/folders/${inner}`)];
    const before = await folder(a);
    const moved = await patch(a, { name: 'A', parentId: b }, before.headers.get('etag') ?? '');
    expect(moved).toMatchObject({ status: 200, body: { name: 'A', parentId: b, path: '/b/A' } });
    expect((await client.file(fileId)).body.folderPath).toBe('/b/A/inner');
    // What is shown of them changed, so their tags did.
    expect(await etagOf(`/v1/files/${fileId}`)).not.toBe(fileTag);
    expect(await etagOf(`/v1/folders/${inner}`)).not.toBe(innerTag);
    expect(await patch(a, { name: 'again' }, before.headers.get('etag') ?? '')).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED' },
    });
    const same = await patch(a, { name: 'A', parentId: b });
    expect([same.status, same.headers.get('etag')]).toEqual([200, moved.headers.get('etag')]);
    const known = await client.call('GET', `/v1/folders/${a}`, undefined, {
      'if-none-match': moved.headers.get('etag') ?? '',
    });
    expect(known.status).toBe(304);
    expect((await patch(a, { parentId: null })).body.path).toBe('/A');
    const rows = await system.rows<{ action: string; detail: object }>(
      `SELECT action, detail FROM audit_log WHERE detail ->> 'folderId' = $1 ORDER BY id`,
      [a],
    );
    expect(rows.map(({ action }) => action)).toEqual(['folder.created', 'folder.updated', 'folder.updated']);
    expect(rows[1]?.detail).toMatchObject({ before: { name: 'a', parentId: null }, after: { name: 'A', parentId: b } });
  });

  it('M30 refuses cycles, also when two moves that are harmless alone would close one together', async () => {
    const a = await made('a');
    const b = await made('b', a);
    const c = await made('c', b);
    for (const target of [a, b, c])
      expect(await patch(a, { parentId: target })).toMatchObject({ status: 409, body: { code: 'FOLDER_CYCLE' } });
    for (let round = 0; round < 15; round += 1) {
      const ring = await Promise.all([0, 1, 2].map((n) => made(`ring ${round} ${n}`)));
      const answers = await Promise.all(ring.map((id, n) => patch(id, { parentId: ring[(n + 1) % 3] })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409]);
      const paths = await Promise.all(ring.map(async (id) => (await folder(id)).body.path as string));
      expect(paths.map((path) => path.split('/').length).sort()).toEqual([2, 3, 4]);
    }
  });

  it('M30 ends at 32 levels, for moved branches too', async () => {
    let bottom: string | null = null;
    const chain: string[] = [];
    for (let level = 1; level <= 32; level += 1) {
      bottom = await made(`${level}`, bottom);
      chain.push(bottom);
    }
    expect(await create('33', bottom)).toMatchObject({ status: 409, body: { code: 'FOLDER_TOO_DEEP' } });
    const branch = await made('branch');
    await made('leaf', branch);
    expect((await patch(branch, { parentId: chain[30] })).body.code).toBe('FOLDER_TOO_DEEP');
    expect((await patch(branch, { parentId: chain[29] })).status).toBe(200);
  });

  it('M30 deletes an empty folder, and one that is not empty only on request', async () => {
    const outer = await made('outer');
    const inner = await made('inner', outer);
    const fileId = await fileIn(inner);
    for (const id of [outer, inner])
      expect(await remove(id)).toMatchObject({ status: 409, body: { code: 'FOLDER_NOT_EMPTY' } });
    await client.call('DELETE', `/v1/files/${fileId}`);
    expect((await remove(inner)).status).toBe(204);
    expect((await remove(outer, '?recursive=true')).status).toBe(204);
    expect((await folder(outer)).body.code).toBe('FOLDER_NOT_FOUND');
    // Its folder is gone: the file comes back in the root.
    expect((await client.call('POST', `/v1/files/${fileId}/restore`)).body).toMatchObject({
      folderId: null,
      folderPath: '/',
    });
  });

  it('M30 M37 deletes a tree: gone at once, its files by the reaper in the name of who asked', async () => {
    const top = await made('top');
    const below = await made('below', top);
    const kept = await fileIn(null, 'kept.txt');
    const files = [await fileIn(top), await fileIn(below), await fileIn(below)];
    expect((await remove(top, '?recursive=true')).status).toBe(202);
    for (const id of [top, below]) {
      expect((await folder(id)).status).toBe(404);
      expect((await create('x', id)).body.code).toBe('FOLDER_NOT_FOUND');
      expect((await client.call('GET', `/v1/files?folder=${id}`)).body.code).toBe('FOLDER_NOT_FOUND');
      expect((await client.call('PATCH', `/v1/files/${kept}`, { folderId: id })).body.code).toBe('FOLDER_NOT_FOUND');
    }
    expect((await patch(below, { parentId: null })).status).toBe(404);
    await made('top');
    for (const fileId of files)
      await system.eventually('the file is gone', async () => (await client.file(fileId)).status === 404);
    expect((await client.file(kept)).status).toBe(200);
    const rows = await system.rows<{ actor: string }>(
      `SELECT actor FROM audit_log WHERE tenant_id = $1 AND action = 'file.deleted'`,
      [client.caller.tenantId],
    );
    expect(rows).toEqual(files.map(() => ({ actor: `user:${client.caller.userId}` })));
    const [quota] = await system.rows<{ pending: number }>('SELECT pending FROM tenant_quota WHERE tenant_id = $1', [
      client.caller.tenantId,
    ]);
    expect(quota?.pending).toBe(1);
  });

  it('M30 a file put into a folder that is being deleted is refused or deleted with it, never lost in between', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await made(`round ${round}`);
      const fileIds = await Promise.all(
        Array.from({ length: 4 }, async () => (await client.presign(10)).body.fileId as string),
      );
      const [deleted, ...moves] = await Promise.all([
        remove(id, round % 2 === 0 ? '' : '?recursive=true'),
        ...fileIds.map((fileId) => client.call('PATCH', `/v1/files/${fileId}`, { folderId: id })),
      ]);
      const moved = fileIds.filter((_, n) => moves[n]?.status === 200);
      if (deleted.status === 409) {
        expect(deleted.body.code).toBe('FOLDER_NOT_EMPTY');
        expect((await folder(id)).status).toBe(200);
      } else {
        expect(deleted.status).toBe(moved.length === 0 ? 204 : 202);
        for (const fileId of moved)
          await system.eventually('the file is gone', async () => (await client.file(fileId)).status === 404);
      }
      for (const fileId of fileIds.filter((one) => !moved.includes(one)))
        expect((await client.file(fileId)).body.folderId).toBeNull();
      await Promise.all(fileIds.map((fileId) => client.call('DELETE', `/v1/files/${fileId}`)));
    }
  });

  it('M30 M34 another tenant has a tree of its own and sees none of this one', async () => {
    const id = await made('mine');
    const stranger = await system.client();
    expect((await create('mine', null, stranger)).status).toBe(201);
    expect((await create('in it', id, stranger)).body.code).toBe('FOLDER_NOT_FOUND');
    const absent = await stranger.call('GET', `/v1/folders/${randomUUID()}`);
    for (const answer of [
      await stranger.call('GET', `/v1/folders/${id}`),
      await stranger.call('PATCH', `/v1/folders/${id}`, { name: 'stolen' }),
      await stranger.call('DELETE', `/v1/folders/${id}?recursive=true`),
      await stranger.call('GET', `/v1/folders?parentId=${id}`),
      await stranger.call('GET', `/v1/files?folder=${id}`),
    ])
      expect({ ...answer.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' });
    const fileId = await stranger.upload(textFile());
    expect((await stranger.call('PATCH', `/v1/files/${fileId}`, { folderId: id })).body.code).toBe('FOLDER_NOT_FOUND');
    expect((await folder(id)).body.name).toBe('mine');
  });
});
