import { generated, sha256, textFile } from '../harness/samples.js';
import { hashOf } from '../harness/transfer.js';
import { answered, confirmed, graphql, left, presigned, put, type Step } from './steps.js';

const [video] = generated(1024 * 1024) as Iterable<Buffer> as [Buffer];

export const p1: readonly Step[] = [
  ['`POST /v1/files/presign`', (scene) => presigned(scene, '/v1/files/presign', video)],
  ['`PUT {uploadUrl}`', put],
  ['`POST /v1/files/presign/{fileId}/confirm`', (scene) => confirmed(scene)],
  [
    '`GET /v1/files/{fileId}`',
    async (scene) => {
      const file = await scene.client.until(left(scene, 'fileId'), 'available');
      expect(file).toMatchObject({ filename: 'video.bin', size: video.length, sha256: sha256(video) });
      scene.left.set('first', file.versionId as string);
    },
  ],
  [
    '`POST /v1/files/{fileId}/download-url`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'POST', `/v1/files/${left(scene, 'fileId')}/download-url`);
      expect(await hashOf(body.url as string)).toMatchObject({ status: 200, sha256: sha256(video) });
    },
  ],
  [
    '`GET /v1/files/{fileId}/content` with `Range`',
    async (scene) => {
      const response = await fetch(`${scene.client.apiUrl}/v1/files/${left(scene, 'fileId')}/content`, {
        headers: { authorization: `Bearer ${scene.client.caller.token}`, range: 'bytes=500000-500099' },
      });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes 500000-500099/${video.length}`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(video.subarray(500_000, 500_100));
    },
  ],
  [
    '`POST /v1/folders`',
    async (scene) => {
      const { body } = await answered(scene, 201, 'POST', '/v1/folders', { name: 'Seized disks' });
      scene.left.set('folderId', body.folderId as string);
    },
  ],
  [
    '`PATCH /v1/files/{fileId}` `{folderId}`',
    async (scene) => {
      const folderId = left(scene, 'folderId');
      const { body } = await answered(scene, 200, 'PATCH', `/v1/files/${left(scene, 'fileId')}`, { folderId });
      expect(body).toMatchObject({ folderId, folderPath: '/Seized disks' });
    },
  ],
  [
    '`GET /v1/files?folder={folderId}`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/files?folder=${left(scene, 'folderId')}`);
      expect(body).toMatchObject({ items: [{ fileId: left(scene, 'fileId') }], hasMore: false });
    },
  ],
  [
    '`PATCH /v1/files/{fileId}` `{filename}`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'PATCH', `/v1/files/${left(scene, 'fileId')}`, { filename: 'a.mp4' });
      expect(body).toMatchObject({ filename: 'a.mp4' });
    },
  ],
  [
    '`POST /v1/files/{fileId}/versions/presign`',
    async (scene) => {
      const bytes = textFile();
      await presigned(scene, `/v1/files/${left(scene, 'fileId')}/versions/presign`, bytes);
      await put(scene);
      await confirmed(scene);
      await scene.system.eventually('the new version speaks for the file', async () => {
        const { body } = await scene.client.file(left(scene, 'fileId'));
        return body.sha256 === sha256(bytes);
      });
    },
  ],
  [
    '`POST /v1/files/presign` `{multipart: true}`, `POST /v1/files/{fileId}/multipart/parts`',
    async (scene) => {
      const disk = { filename: 'disk.img', mimeType: 'application/octet-stream', bucket: 'exports', multipart: true };
      const { body } = await answered(scene, 201, 'POST', '/v1/files/presign', { ...disk, size: video.length });
      const parts = `/v1/files/${body.fileId as string}/multipart/parts`;
      const signed = await answered(scene, 200, 'POST', parts, { partNumbers: [1] });
      const { uploadUrl, method } = signed.body.parts[0] as { uploadUrl: string; method: string };
      expect((await fetch(uploadUrl, { method, body: new Uint8Array(video) })).status).toBe(200);
      await answered(scene, 200, 'POST', `/v1/files/presign/${body.fileId as string}/confirm`);
      expect(await scene.client.until(body.fileId as string, 'available')).toMatchObject({ sha256: sha256(video) });
    },
  ],
  [
    '`GET /v1/files/{fileId}/versions`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/files/${left(scene, 'fileId')}/versions`);
      expect(body).toMatchObject({
        items: [{ current: true }, { current: false, versionId: left(scene, 'first'), sha256: sha256(video) }],
      });
    },
  ],
  [
    '`GET /v1/files/{fileId}/content?versionId=`',
    async (scene) => {
      const url = `${scene.client.apiUrl}/v1/files/${left(scene, 'fileId')}/content?versionId=${left(scene, 'first')}`;
      const read = await hashOf(url, { authorization: `Bearer ${scene.client.caller.token}` });
      expect(read).toEqual({ status: 200, sha256: sha256(video), size: video.length });
    },
  ],
  [
    '`POST /v1/files/{fileId}/versions/{versionId}/restore`',
    async (scene) => {
      const path = `/v1/files/${left(scene, 'fileId')}/versions/${left(scene, 'first')}/restore`;
      await answered(scene, 200, 'POST', path);
      expect((await scene.client.file(left(scene, 'fileId'))).body).toMatchObject({ sha256: sha256(video) });
    },
  ],
  [
    '`GET /v1/audit?fileId=`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/audit?fileId=${left(scene, 'fileId')}&limit=200`);
      const actions = (body.items as { action: string }[]).map(({ action }) => action);
      for (const action of ['version.awaiting_upload', 'version.available', 'file.download_url_created'])
        expect(actions).toContain(action);
    },
  ],
  [
    '`DELETE /v1/files/{fileId}`',
    async (scene) => {
      await answered(scene, 204, 'DELETE', `/v1/files/${left(scene, 'fileId')}`);
      expect((await scene.client.file(left(scene, 'fileId'))).status).toBe(404);
    },
  ],
  [
    '`POST /graphql` `mutation presignUpload`, `mutation confirmUpload`',
    async (scene) => {
      const bytes = textFile();
      const note = { filename: 'note.txt', mimeType: 'text/plain', bucket: 'documents', size: bytes.length };
      const presign =
        'mutation ($input: PresignUploadInput!) { presignUpload(input: $input) { fileId uploadUrl headers } }';
      const { presignUpload } = await graphql(scene, presign, { input: note });
      const { fileId, uploadUrl, headers } = presignUpload as {
        fileId: string;
        uploadUrl: string;
        headers: Record<string, string>;
      };
      expect((await fetch(uploadUrl, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status).toBe(200);
      const confirm = 'mutation ($fileId: ID!) { confirmUpload(fileId: $fileId) { status } }';
      expect(await graphql(scene, confirm, { fileId })).toMatchObject({
        confirmUpload: { status: expect.any(String) },
      });
      await scene.client.until(fileId, 'available');
      scene.left.set('overGraphql', fileId);
    },
  ],
  [
    '`POST /graphql` `query file`',
    async (scene) => {
      const query = 'query ($id: ID!) { file(id: $id) { filename status size } }';
      const { file } = await graphql(scene, query, { id: left(scene, 'overGraphql') });
      expect(file).toMatchObject({
        filename: 'note.txt',
        status: 'available',
        size: expect.stringMatching(/^[0-9]+$/),
      });
    },
  ],
];
