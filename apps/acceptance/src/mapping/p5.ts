import { sha256, textFile } from '../harness/samples.js';
import { hashOf } from '../harness/transfer.js';
import { answered, confirmed, left, presigned, put, type Step } from './steps.js';

const contract = textFile('a contract');

export const p5: readonly Step[] = [
  [
    '`POST /v1/folders`',
    async (scene) => {
      for (const name of ['Contracts', 'Archive']) {
        const { body } = await answered(scene, 201, 'POST', '/v1/folders', { name });
        scene.left.set(name, body.folderId as string);
      }
    },
  ],
  [
    '`POST /v1/files/presign` `{folderId}`',
    (scene) => presigned(scene, '/v1/files/presign', contract, { folderId: left(scene, 'Contracts') }),
  ],
  ['`PUT {uploadUrl}` with `headers`', put],
  [
    '`POST /v1/files/presign/{fileId}/confirm`',
    async (scene) => {
      await confirmed(scene);
      expect(await scene.client.until(left(scene, 'fileId'), 'available')).toMatchObject({ folderPath: '/Contracts' });
    },
  ],
  [
    '`GET /v1/files?folder=root`',
    async (scene) => {
      expect((await answered(scene, 200, 'GET', '/v1/files?folder=root')).body).toMatchObject({ items: [] });
    },
  ],
  [
    '`GET /v1/folders?parentId=root`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', '/v1/folders?parentId=root');
      expect(body).toMatchObject({ items: [{ name: 'Archive' }, { name: 'Contracts' }] });
    },
  ],
  [
    '`PATCH /v1/folders/{folderId}` `{parentId}`',
    async (scene) => {
      const path = `/v1/folders/${left(scene, 'Contracts')}`;
      await answered(scene, 200, 'PATCH', path, { parentId: left(scene, 'Archive') });
      const { body } = await scene.client.file(left(scene, 'fileId'));
      expect(body).toMatchObject({ folderPath: '/Archive/Contracts' });
    },
  ],
  [
    '`PATCH /v1/files/{fileId}` `{folderId: null}`',
    async (scene) => {
      const path = `/v1/files/${left(scene, 'fileId')}`;
      expect((await answered(scene, 200, 'PATCH', path, { folderId: null })).body).toMatchObject({ folderPath: '/' });
    },
  ],
  [
    '`POST /v1/files/{fileId}/download-url`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'POST', `/v1/files/${left(scene, 'fileId')}/download-url`);
      expect(await hashOf(body.url as string)).toMatchObject({ status: 200, sha256: sha256(contract) });
    },
  ],
  [
    '`DELETE /v1/folders/{folderId}?recursive=true`',
    async (scene) => {
      const path = `/v1/files/${left(scene, 'fileId')}`;
      await answered(scene, 200, 'PATCH', path, { folderId: left(scene, 'Contracts') });
      await answered(scene, 202, 'DELETE', `/v1/folders/${left(scene, 'Archive')}?recursive=true`);
      await scene.system.eventually(
        'the file went with its folder',
        async () => (await scene.client.call('GET', path)).status === 404,
      );
    },
  ],
  [
    '`POST /v1/files/{fileId}/restore`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'POST', `/v1/files/${left(scene, 'fileId')}/restore`);
      expect(body).toMatchObject({ status: 'available', folderPath: '/' });
    },
  ],
  [
    '`GET /v1/audit`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', '/v1/audit?limit=200');
      const entries = body.items as { action: string; actor: string }[];
      const actor = `user:${scene.client.caller.userId}`;
      for (const action of ['folder.created', 'file.restored'])
        expect(entries).toContainEqual(expect.objectContaining({ action, actor }));
    },
  ],
];
