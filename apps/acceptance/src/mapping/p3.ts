import { randomUUID } from 'node:crypto';
import { pngFile, sha256 } from '../harness/samples.js';
import { hashOf } from '../harness/transfer.js';
import { answered, confirmed, left, presigned, put, type Step } from './steps.js';

const IMAGE = { filename: 'front door.png', mimeType: 'image/png', bucket: 'assets' };
const [before, after] = [pngFile(600), pngFile(32)];

export const p3: readonly Step[] = [
  [
    '`GET /v1/file-types`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', '/v1/file-types');
      expect(body.items).toContainEqual(expect.objectContaining({ mimeType: 'image/png', extensions: ['png'] }));
    },
  ],
  [
    '`POST /v1/files/presign` `{metadata: {externalId}}`',
    async (scene) => {
      await presigned(scene, '/v1/files/presign', before, { ...IMAGE, metadata: { externalId: 'unit-7/photo-1' } });
      await put(scene);
      await confirmed(scene);
    },
  ],
  [
    '`GET /v1/files/{fileId}` `derived`, `pageCount`, `width`, `height`',
    async (scene) => {
      const file = await scene.system.eventually('the fields are computed', async () => {
        const { body } = await scene.client.file(left(scene, 'fileId'));
        return body.derived?.status === 'done' && body;
      });
      expect(file).toMatchObject({ size: before.length, width: 600, height: 600, pageCount: null });
    },
  ],
  [
    '`GET /v1/files/{fileId}/thumbnail-url`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/files/${left(scene, 'fileId')}/thumbnail-url?size=128`);
      const thumbnail = await fetch(body.url as string);
      expect(thumbnail.status).toBe(200);
      expect(thumbnail.headers.get('content-type')).toBe('image/webp');
    },
  ],
  [
    '`GET /v1/files?externalId=`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', '/v1/files?externalId=unit-7%2Fphoto-1');
      expect(body).toMatchObject({ items: [{ fileId: left(scene, 'fileId') }] });
    },
  ],
  [
    '`POST /v1/files/{fileId}/versions/presign`',
    async (scene) => {
      const fileId = left(scene, 'fileId');
      await presigned(scene, `/v1/files/${fileId}/versions/presign`, after, { mimeType: 'image/png' });
      await put(scene);
      await confirmed(scene);
      const file = await scene.system.eventually('the fields follow the new bytes', async () => {
        const { body } = await scene.client.file(fileId);
        return body.width === 32 && body;
      });
      expect(file).toMatchObject({ fileId, sha256: sha256(after), filename: IMAGE.filename });
    },
  ],
  [
    '`PUT /v1/files/{fileId}/shares/{userId}`',
    async (scene) => {
      scene.left.set('userId', randomUUID());
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const path = `/v1/files/${left(scene, 'fileId')}/shares/${left(scene, 'userId')}`;
      const { body } = await answered(scene, 200, 'PUT', path, { expiresAt });
      expect(body).toMatchObject({ userId: left(scene, 'userId'), expiresAt });
    },
  ],
  [
    '`GET /v1/files/{fileId}/shares`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/files/${left(scene, 'fileId')}/shares`);
      expect(body).toMatchObject({ items: [{ userId: left(scene, 'userId') }] });
    },
  ],
  [
    '`DELETE /v1/files/{fileId}/shares/{userId}`',
    async (scene) => {
      await answered(scene, 204, 'DELETE', `/v1/files/${left(scene, 'fileId')}/shares/${left(scene, 'userId')}`);
      const { body } = await answered(scene, 200, 'GET', `/v1/files/${left(scene, 'fileId')}/shares`);
      expect(body).toMatchObject({ items: [] });
    },
  ],
  [
    '`POST /v1/files/{fileId}/download-url`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'POST', `/v1/files/${left(scene, 'fileId')}/download-url`);
      expect(await hashOf(body.url as string)).toMatchObject({ status: 200, sha256: sha256(after) });
    },
  ],
];
