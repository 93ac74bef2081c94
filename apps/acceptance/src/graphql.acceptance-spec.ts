import { randomUUID } from 'node:crypto';
import type { Answer, Client } from './harness/client.js';
import { ask, askFor } from './harness/graphql.js';
import { pngFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { hashOf } from './harness/transfer.js';

const PRESIGN = `mutation ($input: PresignUploadInput!, $subject: SubjectInput) {
  presignUpload(input: $input, subject: $subject) { fileId versionId uploadUrl method headers expiresAt status }
}`;

describe('GraphQL', () => {
  let system: System;
  let client: Client;
  let fileId: string;
  const bytes = pngFile();

  beforeAll(async () => {
    system = await System.start({ label: 'graphql', env: { FILES_STAGING_MAX_PER_TENANT: '3' } });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  const fileOf = async (id: string, fields: string) =>
    (await askFor(client, `query ($id: ID!) { file(id: $id) { ${fields} } }`, { id })).file;
  const upload = (input: Record<string, unknown> = {}) => ({
    ...{ filename: 'plan.png', mimeType: 'image/png', bucket: 'assets', size: bytes.length },
    ...input,
  });
  const refusalOf = ({ body }: Answer) => body.errors[0].extensions;

  it('M42 M1 M14 uploads: asks for a URL, PUTs, confirms, reads until it is available', async () => {
    const subject = { type: 'case', id: 'A-1' };
    const input = upload({ size: String(bytes.length), metadata: { pages: 2, 'a-b': [null] }, sha256: sha256(bytes) });
    const { presignUpload } = await askFor(client, PRESIGN, { input, subject });
    expect(presignUpload).toMatchObject({ method: 'PUT', status: 'pending_scan' });
    fileId = presignUpload.fileId;
    const put = await client.put({ body: presignUpload } as Answer, new Blob([bytes]));
    expect(put.status).toBe(200);
    const { confirmUpload } = await askFor(
      client,
      'mutation ($id: ID!) { confirmUpload(fileId: $id, input: { notes: "seen" }) { fileId status } }',
      { id: fileId },
    );
    expect(confirmUpload).toEqual({ fileId, status: 'pending_scan' });
    const file = await system.eventually('the file is available and derived', async () => {
      const found = await fileOf(
        fileId,
        'id status size sha256 metadata notes createdAt url subjects { type id } derived { status } thumbnails scan { coverage }',
      );
      return found.derived.status === 'done' && found;
    });
    expect(file).toMatchObject({
      ...{ id: fileId, status: 'available', size: String(bytes.length), sha256: sha256(bytes), notes: 'seen' },
      ...{ metadata: { pages: 2, 'a-b': [null] }, subjects: [subject], scan: { coverage: 'full' } },
    });
    const { id: _id, size, ...same } = file;
    expect((await client.file(fileId)).body).toMatchObject({ ...same, fileId, size: Number(size) });
  });

  it('M42 M26 M28 lists by cursor connections, with URLs that serve the bytes and are written down', async () => {
    await client.presign(textFile(), { filename: 'pending.txt' });
    const query = `query ($first: Int, $after: String) {
      files(filter: { bucket: assets, metadata: { pages: 2 } }, first: $first, after: $after) {
        edges { cursor node { id downloadUrl { url expiresIn } thumbnailUrl(size: 128) { url } versions { edges { node { id current size } } } } }
        pageInfo { hasNextPage endCursor }
      }
      all: files(sort: createdAt, order: asc, first: 1) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } }
      subjectFiles(subject: { type: "case", id: "A-1" }) { edges { linkedAt node { id } } }
    }`;
    const { files, all, subjectFiles } = await askFor(client, query, { first: 10 });
    const [{ cursor, node }] = files.edges;
    expect(files.edges).toHaveLength(1);
    expect(node).toMatchObject({ id: fileId, downloadUrl: { expiresIn: 900 } });
    expect(node.versions.edges).toMatchObject([{ node: { current: true, size: String(bytes.length) } }]);
    expect(await hashOf(node.downloadUrl.url)).toEqual({ status: 200, sha256: sha256(bytes), size: bytes.length });
    expect((await hashOf(node.thumbnailUrl.url)).status).toBe(200);
    expect(subjectFiles.edges).toMatchObject([{ node: { id: fileId } }]);
    expect(all).toMatchObject({
      edges: [{ node: { id: fileId } }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const rest = await askFor(
      client,
      'query ($after: String) { files(order: asc, after: $after) { edges { node { filename downloadUrl { url } } } } }',
      { after: all.pageInfo.endCursor },
    );
    expect(rest.files.edges).toEqual([{ node: { filename: 'pending.txt', downloadUrl: null } }]);
    expect((await askFor(client, query, { after: cursor })).files.edges).toEqual([]);
    const { audit } = await askFor(
      client,
      `query ($id: ID!) { audit(filter: { fileId: $id, action: "file.*" }, first: 10) { edges { node { action actor detail } } } }`,
      { id: fileId },
    );
    const urls = audit.edges.filter(({ node }: { node: { action: string } }) => node.action.endsWith('_url_created'));
    expect(urls.map(({ node }: { node: { action: string } }) => node.action).sort()).toEqual([
      'file.download_url_created',
      'file.thumbnail_url_created',
    ]);
    expect(JSON.stringify(audit)).not.toContain('X-Amz-');
  });

  it('M42 M15 M29 M30 M31 M32 M35 M36 changes what REST changes, by the same rules', async () => {
    const user = randomUUID();
    const variables = { id: fileId, user, subject: { type: 'unit', id: '7' } };
    const made = await askFor(
      client,
      `mutation { createFolder(input: { name: "a" }) { id path } createAccessGroup(input: { name: "g" }) { id } }`,
    );
    const folder = made.createFolder.id;
    const group = made.createAccessGroup.id;
    const changed = await askFor(
      client,
      `mutation ($id: ID!, $user: ID!, $folder: ID!, $group: ID!, $subject: SubjectInput!) {
        updateFolder(folderId: $folder, changes: { name: "b" }) { path parent { id } }
        updateFile(fileId: $id, changes: { filename: "ü.png", folderId: $folder, notes: null, accessGroupId: $group }) {
          filename notes folder { path } accessGroupId
        }
        addAccessGroupMember(groupId: $group, userId: $user)
        shareFile(fileId: $id, userId: $user, expiresAt: "2999-01-01T00:00:00+01:00") { userId expiresAt }
        linkSubject(fileId: $id, subject: $subject)
        presignVersion(fileId: $id, input: { mimeType: "image/png", size: 10 }) { fileId versionId uploadUrl }
        createDownloadUrl(fileId: $id, input: { attachment: true, expiresIn: 60 }) { url expiresIn }
      }`,
      { ...variables, folder, group },
    );
    expect(changed).toMatchObject({
      updateFolder: { path: '/b', parent: null },
      updateFile: { filename: 'ü.png', notes: null, folder: { path: '/b' }, accessGroupId: group },
      shareFile: { userId: user, expiresAt: '2998-12-31T23:00:00.000Z' },
      presignVersion: { fileId },
      createDownloadUrl: { expiresIn: 60 },
    });
    const seen = await askFor(
      client,
      `query ($id: ID!, $folder: ID!, $group: ID!) {
        folder(id: $folder) { name } folders { edges { node { id } } pageInfo { hasNextPage } }
        shares(fileId: $id) { userId } accessGroup(id: $group) { name } accessGroups { edges { node { id } } }
        accessGroupMembers(groupId: $group) { edges { node { userId } } }
        versions(fileId: $id, first: 1) { edges { node { stage } } pageInfo { hasNextPage endCursor } }
        thumbnailUrl(fileId: $id) { url }
        fileTypes { id maxSize extensions }
      }`,
      { id: fileId, folder, group },
    );
    expect(seen).toMatchObject({
      shares: [{ userId: user }],
      accessGroupMembers: { edges: [{ node: { userId: user } }] },
      versions: { edges: [{ node: { stage: 'awaiting_upload' } }], pageInfo: { hasNextPage: true } },
    });
    expect(seen.fileTypes.find(({ id }: { id: string }) => id === 'pdf')).toMatchObject({ extensions: ['pdf'] });
    const undone = await askFor(
      client,
      `mutation ($id: ID!, $user: ID!, $folder: ID!, $group: ID!, $subject: SubjectInput!) {
        unlinkSubject(fileId: $id, subject: $subject) unshareFile(fileId: $id, userId: $user)
        removeAccessGroupMember(groupId: $group, userId: $user)
        deleteFile(fileId: $id) restoreFile(fileId: $id) { id }
        updateFile(fileId: $id, changes: { folderId: null, accessGroupId: null }) { folder { id } accessGroupId subjects { id } }
        deleteFolder(folderId: $folder) renameAccessGroup(groupId: $group, name: "h") { name } deleteAccessGroup(groupId: $group)
      }`,
      { ...variables, folder, group },
    );
    expect(undone).toMatchObject({ deleteFolder: 'deleted', updateFile: { folder: null, subjects: [{ id: 'A-1' }] } });
  });

  it('M42 M6 plans, signs, lists and gives up an upload in parts', async () => {
    const input = upload({ mimeType: 'application/octet-stream', size: String(12 * 1024 ** 2), multipart: true });
    const { presignUpload } = await askFor(
      client,
      `mutation ($input: PresignUploadInput!) {
        presignUpload(input: $input) { fileId uploadUrl multipart { partSize partCount } }
      }`,
      { input },
    );
    expect(presignUpload).toMatchObject({ uploadUrl: null, multipart: { partCount: expect.any(Number) } });
    const variables = { id: presignUpload.fileId };
    const { signParts } = await askFor(
      client,
      'mutation ($id: ID!) { signParts(fileId: $id, partNumbers: [1]) { parts { partNumber uploadUrl headers size } } }',
      variables,
    );
    const [part] = signParts.parts;
    const sent = await fetch(part.uploadUrl, {
      method: 'PUT',
      headers: part.headers,
      body: new Uint8Array(Number(part.size)),
    });
    expect(sent.status).toBe(200);
    const { arrivedParts } = await askFor(
      client,
      'query ($id: ID!) { arrivedParts(fileId: $id) { size hasMore parts { partNumber size } } }',
      variables,
    );
    expect(arrivedParts).toEqual({ size: input.size, hasMore: false, parts: [{ partNumber: 1, size: part.size }] });
    expect(await askFor(client, 'mutation ($id: ID!) { abortMultipart(fileId: $id) }', variables)).toEqual({
      abortMultipart: presignUpload.fileId,
    });
    expect(
      refusalOf(await ask(client, 'query ($id: ID!) { arrivedParts(fileId: $id) { size } }', variables)).status,
    ).toBe(404);
  });

  it('M42 creates once an Idempotency-Key, field by field', async () => {
    const query = `mutation ($name: String!) {
      a: createFolder(input: { name: $name }) { id }
      b: createFolder(input: { name: "once b" }) { id }
    }`;
    const send = (name: string) =>
      client.call('POST', '/graphql', { query, variables: { name } }, { 'idempotency-key': 'k-1' });
    const first = await send('once a');
    const again = await send('once a');
    expect(first.body.data.a.id).not.toBe(first.body.data.b.id);
    expect(again.body).toEqual(first.body);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(refusalOf(await send('another'))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
    const long = `mutation { ${'a'.repeat(20_000)}: createFolder(input: { name: "long" }) { id } }`;
    const answer = await client.call('POST', '/graphql', { query: long }, { 'idempotency-key': 'k-2' });
    expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
  });

  it('M42 refuses with the codes, the problems and the limits of REST', async () => {
    const wrong = await ask(client, PRESIGN, { input: upload({ filename: '', size: 0, metadata: { deep: '\0' } }) });
    expect(wrong).toMatchObject({ status: 200, body: { data: { presignUpload: null } } });
    expect(refusalOf(wrong)).toMatchObject({
      code: 'validation-error',
      status: 400,
      requestId: wrong.headers.get('x-request-id'),
    });
    const pointers = refusalOf(wrong).errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).toEqual(['/filename', '/size', '/metadata']);
    expect(refusalOf(await ask(client, '{ files(first: 201, after: "x") { edges { cursor } } }')).errors).toMatchObject(
      [{ pointer: '/first' }],
    );
    expect(refusalOf(await ask(client, '{ files(after: "x") { edges { cursor } } }')).errors).toMatchObject([
      { pointer: '/after' },
    ]);
    expect(refusalOf(await ask(client, PRESIGN, { input: upload({ size: 11 * 1024 ** 2 }) }))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      status: 413,
    });
    // One upload waits already: of ten at once two get the last places (M12).
    const many = await Promise.all(Array.from({ length: 10 }, () => ask(client, PRESIGN, { input: upload() })));
    const full = many.filter(({ body }) => body.errors !== undefined);
    expect(full).toHaveLength(8);
    expect(refusalOf(full[0] as Answer)).toMatchObject({
      code: 'STAGING_LIMIT_EXCEEDED',
      status: 503,
      retryAfterSec: 30,
    });
    const changed = await ask(
      client,
      'mutation ($id: ID!) { updateFile(fileId: $id, changes: { filename: "x" }, ifMatch: "\\"other\\"") { id } }',
      { id: fileId },
    );
    expect(refusalOf(changed)).toMatchObject({ code: 'PRECONDITION_FAILED', status: 412 });
    const pending = (await client.call('GET', '/v1/files?status=pending_scan&limit=1')).body.items[0].fileId;
    const url = await ask(client, 'mutation ($id: ID!) { createDownloadUrl(fileId: $id) { url } }', { id: pending });
    expect(refusalOf(url)).toMatchObject({ code: 'FILE_NOT_AVAILABLE', status: 409 });
  });
});
