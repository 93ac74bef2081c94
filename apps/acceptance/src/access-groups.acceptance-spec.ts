import { randomUUID } from 'node:crypto';
import { ALL_SCOPES, type Client } from './harness/client.js';
import { doorsOf, knock, type Door } from './harness/doors.js';
import { checkSystem } from './harness/invariants.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const NO_ADMIN = ALL_SCOPES.replace(' files:admin', '');
/** Doors that only read the file or hand out a URL to it; an upload in parts is its uploader's. */
const READING = /^(GET|HEAD) (?!.*\/multipart)|download-url$|thumbnail/;
/** Doors of whoever made the file, and administrators. */
const OWNERS = /\/shares/;

describe('access groups and shares', () => {
  let system: System;
  let tenantId: string;
  let admin: Client;
  let owner: Client;
  let groupId: string;
  let fileId: string;
  let doors: Door[];

  beforeAll(async () => {
    system = await System.start({ label: 'access-groups' });
    tenantId = randomUUID();
    admin = await system.client(tenantId);
    owner = await user();
    groupId = (await admin.call('POST', '/v1/access-groups', { name: 'Case 17' })).body.id as string;
    fileId = await owner.upload(textFile(), { accessGroupId: groupId });
    await owner.until(fileId, 'available');
    doors = (await doorsOf(owner)).filter(
      // An administrator sees every file.
      ({ path, scope }) => path.includes('{fileId}') && scope !== 'files:admin',
    );
  }, 120_000);
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const user = (groups: string[] = [], scope = NO_ADMIN, userId = randomUUID()) =>
    system.client(tenantId, scope, userId, groups);
  const member = (userId: string, group = groupId) => `/v1/access-groups/${group}/members/${userId}`;
  const share = (userId: string, file = fileId) => `/v1/files/${file}/shares/${userId}`;
  const listed = async (client: Client) =>
    ((await client.call('GET', '/v1/files')).body.items as { fileId: string }[]).some((item) => item.fileId === fileId);
  const name = (door: Door) => `${door.method} ${door.path}`;
  const names = (file: string) => ({
    fileId: file,
    userId: randomUUID(),
    type: 'case',
    subjectId: 'A-1',
    versionId: randomUUID(),
  });

  it('S30 M35 a file of a group answers to outsiders exactly like one that does not exist, on every door', async () => {
    const outsider = await user([randomUUID()]);
    expect(doors.length).toBeGreaterThanOrEqual(9);
    for (const door of doors) {
      const hidden = await knock(outsider, door, names(fileId));
      expect([name(door), hidden]).toEqual([name(door), await knock(outsider, door, names(randomUUID()))]);
      expect(hidden.status).toBe(404);
    }
    expect((await owner.file(fileId)).body).toMatchObject({ status: 'available', accessGroupId: groupId });
    expect(await listed(outsider)).toBe(false);
  });

  it('S30 M35 members by token, members by API, who made it and administrators see it', async () => {
    const added = await user();
    expect((await admin.call('PUT', member(added.caller.userId))).status).toBe(204);
    const seeing = { admin, owner, added, named: await user([randomUUID(), groupId]) };
    for (const [who, client] of Object.entries(seeing)) {
      const statuses = [
        (await client.file(fileId)).status,
        (await client.call('GET', `/v1/files/${fileId}/content`)).status,
        (await client.downloadUrl(fileId)).status,
      ];
      expect([who, statuses]).toEqual([who, [200, 200, 200]]);
      expect([who, await listed(client)]).toEqual([who, true]);
    }
    expect((await admin.call('GET', `/v1/access-groups/${groupId}/members`)).body).toMatchObject({
      items: [{ userId: added.caller.userId }],
      hasMore: false,
    });
    expect((await admin.call('DELETE', member(added.caller.userId))).status).toBe(204);
    expect((await added.file(fileId)).status).toBe(404);
    expect((await admin.call('DELETE', member(added.caller.userId))).body.code).toBe('MEMBER_NOT_FOUND');
  });

  it('S30 M36 a share opens the reading doors and no other, until it is taken back', async () => {
    const reader = await user();
    expect((await owner.call('PUT', share(reader.caller.userId))).status).toBe(200);
    for (const door of doors) {
      const shared = await knock(reader, door, names(fileId));
      const absent = await knock(reader, door, names(randomUUID()));
      if (OWNERS.test(door.path)) expect([name(door), shared.status]).toEqual([name(door), 403]);
      else if (READING.test(name(door))) expect([name(door), shared]).not.toEqual([name(door), absent]);
      // Some doors look at the body once they know that the file can be seen; none goes on to do anything.
      else if (shared.status !== 400) expect([name(door), shared]).toEqual([name(door), absent]);
    }
    const { body } = await reader.downloadUrl(fileId);
    expect((await fetch(body.url as string)).status).toBe(200);
    expect(await listed(reader)).toBe(true);
    expect((await owner.call('GET', `/v1/files/${fileId}/shares`)).body.items).toMatchObject([
      { userId: reader.caller.userId, grantedBy: `user:${owner.caller.userId}`, expiresAt: null },
    ]);
    expect((await owner.call('DELETE', share(reader.caller.userId))).status).toBe(204);
    expect((await reader.file(fileId)).status).toBe(404);
    expect((await reader.downloadUrl(fileId)).status).toBe(404);
    expect((await owner.call('DELETE', share(reader.caller.userId))).body.code).toBe('SHARE_NOT_FOUND');
  });

  it('M36 a share ends by itself, and only who made the file or an administrator grants one', async () => {
    const [reader, colleague] = [await user(), await user([groupId])];
    expect((await colleague.call('PUT', share(reader.caller.userId))).body).toMatchObject({
      status: 403,
      code: 'NOT_THE_OWNER',
    });
    const past = await admin.call('PUT', share(reader.caller.userId), { expiresAt: '2020-01-01T00:00:00Z' });
    expect(past.body).toMatchObject({ status: 400, errors: [{ pointer: '/expiresAt' }] });
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    expect((await admin.call('PUT', share(reader.caller.userId), { expiresAt })).body).toMatchObject({ expiresAt });
    expect((await reader.file(fileId)).status).toBe(200);
    await system.eventually('the share is over', async () => (await reader.file(fileId)).status === 404);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('M35 a file enters only a group of its own tenant, on both ways in', async () => {
    const elsewhere = await system.client();
    const foreign = (await elsewhere.call('POST', '/v1/access-groups', { name: 'theirs' })).body.id as string;
    for (const accessGroupId of [foreign, randomUUID()]) {
      expect((await owner.presign(10, { accessGroupId })).body).toMatchObject({
        status: 404,
        code: 'ACCESS_GROUP_NOT_FOUND',
      });
      const form = new FormData();
      form.set('file', new Blob(['hello']), 'a.txt');
      Object.entries({ bucket: 'documents', accessGroupId }).forEach(([key, value]) => form.set(key, value));
      const answer = await fetch(`${system.apiUrl}/v1/files/upload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${owner.caller.token}` },
        body: form,
      });
      expect(answer.status).toBe(404);
    }
    expect((await owner.presign(10, { accessGroupId: 'group' })).body.errors[0].pointer).toBe('/accessGroupId');
    const [{ pending } = { pending: -1 }] = await system.rows<{ pending: number }>(
      'SELECT pending FROM tenant_quota WHERE tenant_id = $1',
      [tenantId],
    );
    expect(pending).toBe(0);
    await system.eventually(
      'refused bytes are gone',
      async () => (await system.store.stagingVersions(tenantId)).length === 0,
    );
  });

  it('M35 PATCH moves a file into a group and out of it, and never out of the sight of whoever moves it', async () => {
    const file = await owner.upload(textFile());
    await owner.until(file, 'available');
    const colleague = await user();
    const move = (as: Client, accessGroupId: string | null) => as.call('PATCH', `/v1/files/${file}`, { accessGroupId });
    expect((await move(colleague, groupId)).body.code).toBe('ACCESS_GROUP_NOT_FOUND');
    expect((await move(owner, randomUUID())).body.code).toBe('ACCESS_GROUP_NOT_FOUND');
    expect(await move(owner, groupId)).toMatchObject({ status: 200, body: { accessGroupId: groupId } });
    expect((await colleague.file(file)).status).toBe(404);
    expect((await move(colleague, null)).status).toBe(404);
    expect(await move(owner, null)).toMatchObject({ status: 200, body: { accessGroupId: null } });
    expect((await colleague.file(file)).status).toBe(200);
  });

  it('M35 groups are kept by administrators: named once, renamed, deleted when nothing belongs to them', async () => {
    const boss = await system.client();
    const create = (body: object) => boss.call('POST', '/v1/access-groups', body);
    const id = randomUUID();
    expect(await create({ name: 'B', id })).toMatchObject({ status: 201, body: { id, name: 'B' } });
    expect((await create({ name: 'B' })).body).toMatchObject({ status: 409, code: 'ACCESS_GROUP_EXISTS' });
    expect((await create({ name: ' ' })).body.errors[0].pointer).toBe('/name');
    for (const other of ['A', 'C']) await create({ name: other });
    const first = await boss.call('GET', '/v1/access-groups?limit=2');
    expect(first.body).toMatchObject({ items: [{ name: 'A' }, { name: 'B' }], hasMore: true });
    const next = await boss.call('GET', `/v1/access-groups?limit=2&cursor=${first.body.nextCursor as string}`);
    expect(next.body).toMatchObject({ items: [{ name: 'C' }], hasMore: false, nextCursor: null });
    expect((await boss.call('GET', '/v1/access-groups?cursor=nonsense')).body.errors[0].pointer).toBe('/cursor');

    expect((await boss.call('PATCH', `/v1/access-groups/${id}`, { name: 'D' })).body.name).toBe('D');
    expect((await boss.call('PATCH', `/v1/access-groups/${id}`, { name: 'A' })).status).toBe(409);
    const file = await boss.upload(textFile(), { accessGroupId: id });
    expect((await boss.call('DELETE', `/v1/access-groups/${id}`)).body.code).toBe('ACCESS_GROUP_IN_USE');
    expect((await boss.file(file)).body.accessGroupId).toBe(id);
    const unused = next.body.items[0].id as string;
    expect((await boss.call('DELETE', `/v1/access-groups/${unused}`)).status).toBe(204);
    expect((await boss.call('GET', `/v1/access-groups/${unused}`)).status).toBe(404);
    await boss.until(file, 'available');
  });

  it('M37 every change of groups, memberships and shares is in the audit log with its actor', async () => {
    const rows = await system.rows<{ action: string; actor: string }>(
      `SELECT DISTINCT action, actor FROM audit_log WHERE tenant_id = $1 AND action !~ '^version'`,
      [tenantId],
    );
    const of = (action: string) => rows.filter((row) => row.action === action).map(({ actor }) => actor);
    const [byAdmin, byOwner] = [`user:${admin.caller.userId}`, `user:${owner.caller.userId}`];
    for (const action of ['created', 'member_added', 'member_removed'])
      expect([action, of(`access_group.${action}`)]).toEqual([action, [byAdmin]]);
    expect(of('file.access_group_changed')).toEqual([byOwner]);
    expect(of('file.shared').sort()).toEqual([byAdmin, byOwner].sort());
    expect(of('file.unshared')).toEqual([byOwner]);
  });
});
