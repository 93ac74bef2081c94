import { randomUUID } from 'node:crypto';
import type { Answer, Client } from './harness/client.js';
import { sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { hashOf } from './harness/transfer.js';

describe('changing a file', () => {
  let system: System;
  let client: Client;
  const bytes = textFile();

  beforeAll(async () => {
    system = await System.start({ label: 'changes', env: { FILES_DELETE_RETENTION_DAYS: '1' } });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  const patch = (fileId: string, body: object, ifMatch?: string): Promise<Answer> =>
    client.call('PATCH', `/v1/files/${fileId}`, body, ifMatch === undefined ? {} : { 'if-match': ifMatch });
  const restore = (fileId: string) => client.call('POST', `/v1/files/${fileId}/restore`);
  const available = async (): Promise<string> => {
    const fileId = await client.upload(bytes, { metadata: { a: 1 } });
    await client.until(fileId, 'available');
    return fileId;
  };
  const audit = (fileId: string, action: string) =>
    system.rows<{ actor: string; detail: object }>(
      'SELECT actor, detail FROM audit_log WHERE file_id = $1 AND action = $2 ORDER BY id',
      [fileId, action],
    );

  it('M29 renames and describes; the rest and the bytes stay', async () => {
    const fileId = await available();
    const before = (await client.file(fileId)).body;
    const answer = await patch(fileId, {
      filename: 'прокурор.txt',
      metadata: { b: [2] },
      notes: 'seen',
      size: 1,
      sha256: 'x',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ...before,
      filename: 'прокурор.txt',
      metadata: { b: [2] },
      notes: 'seen',
      updatedAt: answer.body.updatedAt,
    });
    expect(Date.parse(answer.body.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await client.file(fileId)).body).toEqual(answer.body);
    expect(await hashOf((await client.downloadUrl(fileId)).body.url)).toMatchObject({ sha256: sha256(bytes) });
    expect((await client.call('GET', '/v1/files?metadata.a=1')).body.items).toEqual([]);
    expect(await audit(fileId, 'file.updated')).toEqual([
      {
        actor: `user:${client.caller.userId}`,
        detail: {
          changed: ['filename', 'metadata', 'notes'],
          before: { filename: 'note.txt', folderId: null },
          after: { filename: 'прокурор.txt', folderId: null },
        },
      },
    ]);
  });

  it('M29 the ETag changes with the file and only then, and saves reading it again', async () => {
    const fileId = (await client.staged(bytes)).body.fileId as string;
    const pending = (await client.file(fileId)).headers.get('etag') ?? '';
    await client.confirm(fileId);
    await client.until(fileId, 'available');
    const first = await client.file(fileId);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(etag).not.toBe(pending);
    for (const method of ['GET', 'HEAD']) {
      const known = await client.call(method, `/v1/files/${fileId}`, undefined, { 'if-none-match': `"x", W/${etag}` });
      expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, '', etag]);
    }
    const same = await patch(fileId, { filename: first.body.filename, metadata: {}, notes: null, folderId: null });
    expect([same.status, same.headers.get('etag'), same.body]).toEqual([200, etag, first.body]);
    expect(await audit(fileId, 'file.updated')).toEqual([]);
    const changed = await patch(fileId, { notes: 'x' });
    expect(changed.headers.get('etag')).not.toBe(etag);
    const again = await client.call('GET', `/v1/files/${fileId}`, undefined, { 'if-none-match': etag });
    expect([again.status, again.headers.get('etag')]).toEqual([200, changed.headers.get('etag')]);
  });

  it('M29 If-Match lets one of many writers through', async () => {
    const fileId = await available();
    const etag = (await client.file(fileId)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => patch(fileId, { notes: `writer ${n}` }, etag)),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer !== won[0]))
      expect([status, body.code]).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await client.file(fileId)).body.notes).toBe(won[0]?.body.notes);
    expect((await patch(fileId, { notes: 'y' }, `W/${won[0]?.headers.get('etag') ?? ''}`)).status).toBe(412);
    expect((await patch(fileId, { notes: 'y' }, `"no", ${won[0]?.headers.get('etag') ?? ''}`)).status).toBe(200);
    expect((await patch(fileId, { notes: 'z' }, '*')).status).toBe(200);
    expect(await audit(fileId, 'file.updated')).toHaveLength(3);
  });

  it('M29 refuses what cannot be', async () => {
    const fileId = await available();
    const cases: [object, number, string][] = [
      [{ filename: '' }, 400, 'validation-error'],
      [{ filename: 'a\0b' }, 400, 'validation-error'],
      [{ metadata: [] }, 400, 'validation-error'],
      [{ notes: 'x'.repeat(10_001) }, 400, 'validation-error'],
      [{ folderId: 'root' }, 400, 'validation-error'],
      [{ folderId: randomUUID() }, 404, 'FOLDER_NOT_FOUND'],
    ];
    for (const [body, status, code] of cases)
      expect(await patch(fileId, body)).toMatchObject({ status, body: { code } });
    expect(await patch(randomUUID(), { filename: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'FILE_NOT_FOUND' },
    });
  });

  it('M29 M37 restores a deleted file with its bytes until the purge has begun', async () => {
    const fileId = await available();
    expect((await restore(fileId)).status).toBe(200);
    const before = (await client.file(fileId)).body;
    await client.call('DELETE', `/v1/files/${fileId}`);
    expect((await client.file(fileId)).status).toBe(404);
    const answers = await Promise.all([restore(fileId), restore(fileId), restore(fileId)]);
    for (const { status, body } of answers)
      expect([status, body]).toEqual([200, { ...before, updatedAt: body.updatedAt }]);
    expect(await hashOf((await client.downloadUrl(fileId)).body.url)).toMatchObject({ sha256: sha256(bytes) });
    expect(await audit(fileId, 'file.restored')).toHaveLength(1);

    await client.call('DELETE', `/v1/files/${fileId}`);
    await system.rows(`UPDATE files SET deleted_at = now() - interval '2 days' WHERE id = $1`, [fileId]);
    await system.eventually('the purge has it', async () => {
      const [row] = await system.rows<{ purged_at: Date | null }>('SELECT purged_at FROM files WHERE id = $1', [
        fileId,
      ]);
      return row?.purged_at !== null;
    });
    expect(await restore(fileId)).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
  });

  it('M29 I1 restores nothing whose bytes a purge may be removing right now', async () => {
    const fileId = await available();
    await client.call('DELETE', `/v1/files/${fileId}`);
    // As the reaper's claim leaves it, before the bytes are gone.
    await system.rows(`UPDATE files SET purge_retry_at = now() + interval '1 hour' WHERE id = $1`, [fileId]);
    expect((await restore(fileId)).status).toBe(404);
  });

  it('M29 what was not available when it was deleted comes back rejected', async () => {
    const fileId = (await client.presign(10)).body.fileId as string;
    await client.call('DELETE', `/v1/files/${fileId}`);
    expect(await restore(fileId)).toMatchObject({ status: 200, body: { status: 'rejected', rejectReason: 'deleted' } });
    expect((await client.call('GET', '/v1/files?status=rejected')).body.items).toMatchObject([{ fileId }]);
  });

  it('M34 neither changes nor restores what is not its own', async () => {
    const fileId = await available();
    await client.call('DELETE', `/v1/files/${fileId}`);
    const stranger = await system.client();
    expect((await stranger.call('POST', `/v1/files/${fileId}/restore`)).status).toBe(404);
    await restore(fileId);
    expect((await stranger.call('PATCH', `/v1/files/${fileId}`, { filename: 'mine' })).status).toBe(404);
    expect((await client.file(fileId)).body.filename).toBe('note.txt');
  });
});
