import { checkSystem } from './harness/invariants.js';
import type { Answer, Client } from './harness/client.js';
import { eicar, pngFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

interface Version {
  readonly versionId: string;
  readonly current: boolean;
  readonly status: string;
}

describe('versions', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'versions', env: { FILES_STAGING_MAX_PER_TENANT: '3' } });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  async function presignVersion(fileId: string, bytes: Uint8Array, fields: object = {}, as = client): Promise<Answer> {
    const body = { mimeType: 'text/plain', size: bytes.length, ...fields };
    return as.call('POST', `/v1/files/${fileId}/versions/presign`, body);
  }
  async function uploadVersion(fileId: string, bytes: Uint8Array, fields: object = {}): Promise<string> {
    const presigned = await presignVersion(fileId, bytes, fields);
    expect(presigned).toMatchObject({ status: 201, body: { fileId, status: 'pending_scan', method: 'PUT' } });
    expect((await client.put(presigned, new Blob([new Uint8Array(bytes)]))).status).toBe(200);
    expect((await client.confirm(fileId)).status).toBe(200);
    return presigned.body.versionId as string;
  }
  const list = async (fileId: string, query = ''): Promise<Version[]> =>
    (await client.call('GET', `/v1/files/${fileId}/versions${query}`)).body.items as Version[];
  const ended = (fileId: string, versionId: string, status: string) =>
    system.eventually(`version ${versionId} is ${status}`, async () =>
      (await list(fileId)).some((version) => version.versionId === versionId && version.status === status),
    );
  const bytesOf = async (fileId: string, query = '') =>
    (await client.call('GET', `/v1/files/${fileId}/content${query}`)).body as string;
  async function available(bytes: Uint8Array): Promise<{ fileId: string; versionId: string }> {
    const fileId = await client.upload(bytes);
    return { fileId, versionId: (await client.until(fileId, 'available')).versionId as string };
  }

  it('M15 M31 a re-upload makes a new version; the old one serves until the new one is available; fields follow', async () => {
    const [old, image] = [textFile('old'), pngFile()];
    const { fileId, versionId: first } = await available(old);
    await system.stopApp('scan-worker');
    const second = await uploadVersion(fileId, image, { mimeType: 'image/png' });
    expect(second).not.toBe(first);
    expect((await client.file(fileId)).body).toMatchObject({
      ...{ versionId: first, status: 'available', sha256: sha256(old), mimeType: 'text/plain' },
    });
    expect(await bytesOf(fileId)).toBe(old.toString());
    expect(await list(fileId)).toMatchObject([
      { versionId: second, current: false, status: 'pending_scan', stage: 'uploaded', url: null },
      { versionId: first, current: true, status: 'available', sha256: sha256(old) },
    ]);
    await system.startApp('scan-worker');
    await ended(fileId, second, 'available');
    expect((await client.file(fileId)).body).toMatchObject({
      ...{ versionId: second, status: 'available', sha256: sha256(image), mimeType: 'image/png', size: image.length },
    });
    expect((await list(fileId)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('M31 reads an older version by URL and by range, and restores it, once in the audit log', async () => {
    const [one, two] = [textFile('one'), textFile('two')];
    const { fileId, versionId: first } = await available(one);
    const second = await uploadVersion(fileId, two);
    await ended(fileId, second, 'available');
    expect(await bytesOf(fileId)).toBe(two.toString());
    expect(await bytesOf(fileId, `?versionId=${first}`)).toBe(one.toString());
    const linked = await client.downloadUrl(fileId, { versionId: first });
    expect(await (await fetch(linked.body.url)).text()).toBe(one.toString());

    for (let round = 0; round < 2; round++)
      expect(await client.call('POST', `/v1/files/${fileId}/versions/${first}/restore`)).toMatchObject({
        status: 200,
        body: { versionId: first, sha256: sha256(one), status: 'available' },
      });
    expect(await bytesOf(fileId)).toBe(one.toString());
    expect((await list(fileId)).filter(({ current }) => current)).toMatchObject([{ versionId: first }]);
    const audit = await system.rows<{ detail: object }>(
      `SELECT detail FROM audit_log WHERE file_id = $1 AND version_id = $2 AND action = 'file.version_restored'`,
      [fileId, first],
    );
    expect(audit.map(({ detail }) => detail)).toEqual([{ insteadOf: second }]);

    const third = await uploadVersion(fileId, textFile('three'));
    await ended(fileId, third, 'available');
    expect((await client.file(fileId)).body.versionId).toBe(third);
  });

  it('M31 a restored version stands against an upload that was under way', async () => {
    const { fileId, versionId: first } = await available(textFile());
    const second = await uploadVersion(fileId, textFile());
    await ended(fileId, second, 'available');
    await system.stopApp('scan-worker');
    const third = await uploadVersion(fileId, textFile());
    expect((await client.call('POST', `/v1/files/${fileId}/versions/${first}/restore`)).status).toBe(200);
    await system.startApp('scan-worker');
    await ended(fileId, third, 'available');
    expect((await client.file(fileId)).body.versionId).toBe(first);
  });

  it('M15 a rejected version changes nothing: the old one goes on, and no door serves the new one', async () => {
    const { fileId, versionId: first } = await available(textFile());
    const second = await uploadVersion(fileId, eicar());
    await ended(fileId, second, 'rejected');
    expect((await client.file(fileId)).body).toMatchObject({ versionId: first, status: 'available' });
    expect(await client.downloadUrl(fileId, { versionId: second })).toMatchObject({
      status: 409,
      body: { code: 'FILE_NOT_AVAILABLE' },
    });
    expect((await client.call('GET', `/v1/files/${fileId}/content?versionId=${second}`)).status).toBe(409);
    expect(await client.call('POST', `/v1/files/${fileId}/versions/${second}/restore`)).toMatchObject({
      status: 409,
      body: { code: 'VERSION_NOT_AVAILABLE' },
    });
  });

  it('M31 pages through the versions, and a version belongs to its file only', async () => {
    const { fileId, versionId: first } = await available(textFile());
    const second = await uploadVersion(fileId, textFile());
    await ended(fileId, second, 'available');
    const page = await client.call('GET', `/v1/files/${fileId}/versions?limit=1`);
    expect(page.body).toMatchObject({ items: [{ versionId: second }], hasMore: true, nextCursor: expect.any(String) });
    expect(await list(fileId, `?limit=1&cursor=${page.body.nextCursor as string}`)).toMatchObject([
      { versionId: first },
    ]);
    expect((await client.call('GET', `/v1/files/${fileId}/versions?limit=201`)).status).toBe(400);

    const other = await available(textFile());
    const foreign = [
      await client.downloadUrl(fileId, { versionId: other.versionId }),
      await client.call('GET', `/v1/files/${fileId}/content?versionId=${other.versionId}`),
      await client.call('GET', `/v1/files/${fileId}/content?versionId=nonsense`),
      await client.call('POST', `/v1/files/${fileId}/versions/${other.versionId}/restore`),
    ];
    expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('M12 pending versions count against the limit of the tenant', async () => {
    const { fileId } = await available(textFile());
    const presigned = await Promise.all(Array.from({ length: 6 }, () => presignVersion(fileId, textFile())));
    expect(presigned.map(({ status }) => status).sort()).toEqual([201, 201, 201, 503, 503, 503]);
    expect(presigned.find(({ status }) => status === 503)?.body.code).toBe('STAGING_LIMIT_EXCEEDED');
    const ids = presigned.filter(({ status }) => status === 201).map(({ body }) => body.versionId as string);
    expect(new Set(ids).size).toBe(3);
    expect((await client.call('DELETE', `/v1/files/${fileId}`)).status).toBe(204);
    expect((await presignVersion(fileId, textFile())).status).toBe(404);
    expect((await presignVersion(fileId, textFile(), {}, await system.client())).status).toBe(404);
  });

  it('leaves every invariant standing', async () => {
    expect(await checkSystem(system)).toEqual([]);
  });
});
