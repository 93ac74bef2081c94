import { randomUUID } from 'node:crypto';
import { ALL_SCOPES, type Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const NO_ADMIN = ALL_SCOPES.replace(' files:admin', '');

describe('subjects', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'subjects' });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client(randomUUID(), NO_ADMIN);
  });
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const into = (subject: string, bytes: Uint8Array, fields: object = {}, as = client) =>
    as.call('POST', `/v1/subjects/${subject}/presign`, {
      ...{ filename: 'note.txt', mimeType: 'text/plain', bucket: 'documents', size: bytes.length },
      ...fields,
    });
  const filesOf = (subject: string, query = '', as = client) => as.call('GET', `/v1/subjects/${subject}/files${query}`);
  const idsOf = async (subject: string, as = client) =>
    ((await filesOf(subject, '', as)).body.items as { fileId: string }[]).map(({ fileId }) => fileId);
  const link = (method: string, fileId: string, subject: string, as = client) =>
    as.call(method, `/v1/files/${fileId}/subjects/${subject}`);

  it('M14 an upload into a case is linked on confirm, with group, notes and validity', async () => {
    const admin = await system.client(client.caller.tenantId);
    const group = (await admin.call('POST', '/v1/access-groups', { name: 'Case A-1' })).body.id as string;
    const bytes = textFile();
    const presigned = await into('case/A-1', bytes);
    expect(presigned.status).toBe(201);
    const fileId = presigned.body.fileId as string;
    await client.put(presigned, new Blob([new Uint8Array(bytes)]));
    expect(await idsOf('case/A-1')).toEqual([]);
    expect((await client.file(fileId)).body).toMatchObject({ isValid: true, notes: null, subjects: [] });

    const said = { accessGroupId: group, notes: 'found in the drawer', isValid: false };
    const confirmed = await client.call('POST', `/v1/files/presign/${fileId}/confirm`, said);
    expect(confirmed).toMatchObject({ status: 200, body: { fileId } });
    expect(await client.until(fileId, 'available')).toMatchObject({
      ...said,
      subjects: [{ type: 'case', id: 'A-1' }],
    });
    expect((await filesOf('case/A-1')).body).toMatchObject({
      items: [{ fileId, status: 'available', ...said, linkedAt: expect.any(String) }],
      nextCursor: null,
      hasMore: false,
    });
    const outsider = await system.client(client.caller.tenantId, NO_ADMIN);
    expect(await idsOf('case/A-1', outsider)).toEqual([]);
    expect(
      await idsOf('case/A-1', await system.client(client.caller.tenantId, NO_ADMIN, randomUUID(), [group])),
    ).toEqual([fileId]);
    expect(await idsOf('case/A-1', await system.client())).toEqual([]);
  });

  it('M14 M23 an upload nobody confirms is linked too, and what is said later still counts', async () => {
    const bytes = textFile();
    const presigned = await into('work-order/7', bytes);
    await client.put(presigned, new Blob([new Uint8Array(bytes)]));
    const fileId = presigned.body.fileId as string;
    await client.until(fileId, 'available');
    expect(await idsOf('work-order/7')).toEqual([fileId]);
    const late = await client.call('POST', `/v1/files/presign/${fileId}/confirm`, { notes: 'late' });
    expect(late).toMatchObject({ status: 200, body: { status: 'available' } });
    expect((await client.file(fileId)).body).toMatchObject({ notes: 'late', isValid: true });
  });

  it('M14 confirm refuses a group of somebody else and leaves the upload as it was', async () => {
    const foreign = (await (await system.client()).call('POST', '/v1/access-groups', { name: 'x' })).body.id as string;
    const staged = await client.staged(textFile());
    const path = `/v1/files/presign/${staged.body.fileId as string}/confirm`;
    expect((await client.call('POST', path, { accessGroupId: foreign })).body.code).toBe('ACCESS_GROUP_NOT_FOUND');
    expect((await client.call('POST', path, { isValid: 'no', notes: 7 })).body.errors).toHaveLength(2);
    expect((await client.file(staged.body.fileId)).body).toMatchObject({ accessGroupId: null });
    await client.until(staged.body.fileId, 'available');
  });

  it('M14 files are linked and unlinked; an id may be anything of 128 characters', async () => {
    const fileId = await client.upload(textFile());
    const id = `№ 17/ä?#%&+ ${'x'.repeat(116)}`;
    expect(id).toHaveLength(128);
    const subject = `unit/${encodeURIComponent(id)}`;
    expect((await link('PUT', fileId, subject)).status).toBe(204);
    expect((await link('PUT', fileId, subject)).status).toBe(204);
    expect((await client.file(fileId)).body.subjects).toEqual([{ type: 'unit', id }]);
    expect(await idsOf(subject)).toEqual([fileId]);
    for (const bad of ['Case/1', '1case/1', `${'t'.repeat(65)}/1`, `case/${'x'.repeat(129)}`, 'case/%00'])
      expect([bad, (await link('PUT', fileId, bad)).body.code]).toEqual([bad, 'validation-error']);

    const stranger = await system.client();
    expect((await link('PUT', fileId, 'case/theirs', stranger)).body.code).toBe('FILE_NOT_FOUND');
    expect((await link('DELETE', fileId, subject, stranger)).body.code).toBe('FILE_NOT_FOUND');
    expect((await link('DELETE', fileId, subject)).status).toBe(204);
    expect((await link('DELETE', fileId, subject)).body.code).toBe('SUBJECT_NOT_LINKED');
    expect(await idsOf(subject)).toEqual([]);

    await link('PUT', fileId, 'case/gone');
    await client.until(fileId, 'available');
    await client.call('DELETE', `/v1/files/${fileId}`);
    expect(await idsOf('case/gone')).toEqual([]);
    const audit = await system.rows<{ action: string; n: number }>(
      `SELECT action, count(*)::int AS n FROM audit_log WHERE file_id = $1 AND action ~ 'linked' GROUP BY 1 ORDER BY 1`,
      [fileId],
    );
    expect(audit).toEqual([
      { action: 'file.linked', n: 2 },
      { action: 'file.unlinked', n: 1 },
    ]);
  });

  it('M14 pages through the files of a subject, the last linked first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await client.presign(10);
      await link('PUT', body.fileId as string, 'report/R');
      ids.unshift(body.fileId as string);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await filesOf('report/R', `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.items as { fileId: string }[]).map(({ fileId }) => fileId));
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual(ids);
    expect((await filesOf('report/R', '?cursor=eyJhIjoxfQ')).body.errors[0].pointer).toBe('/cursor');
    expect((await filesOf('report/R', '?limit=201')).status).toBe(400);
    await Promise.all(ids.map((id) => client.call('DELETE', `/v1/files/${id}`)));
  });
});
