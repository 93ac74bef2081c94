import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { textFile } from '../harness/samples.js';
import { answered, confirmed, left, presigned, put, type Scene, type Step } from './steps.js';

const evidence = textFile('a statement');

async function filesOfCase(scene: Scene, id: string): Promise<unknown[]> {
  const { body } = await answered(scene, 200, 'GET', `/v1/subjects/case/${id}/files`);
  return (body.items as { fileId: string }[]).map(({ fileId }) => fileId);
}

export const p4: readonly Step[] = [
  [
    '`POST /v1/access-groups`',
    async (scene) => {
      const { body } = await answered(scene, 201, 'POST', '/v1/access-groups', { name: 'Case A-1' });
      scene.left.set('groupId', body.id as string);
    },
  ],
  [
    '`PUT /v1/access-groups/{groupId}/members/{userId}`',
    async (scene) => {
      scene.left.set('colleague', randomUUID());
      const path = `/v1/access-groups/${left(scene, 'groupId')}/members/${left(scene, 'colleague')}`;
      await answered(scene, 204, 'PUT', path);
    },
  ],
  [
    '`POST /v1/subjects/case/{id}/presign`',
    async (scene) => {
      await presigned(scene, '/v1/subjects/case/A-1/presign', evidence, { mimeType: 'text/plain' });
      await put(scene);
    },
  ],
  [
    '`POST /v1/files/presign/{fileId}/confirm` `{accessGroupId, notes, isValid}`',
    async (scene) => {
      const said = { accessGroupId: left(scene, 'groupId'), notes: 'signed', isValid: true };
      await confirmed(scene, said);
      expect(await scene.client.until(left(scene, 'fileId'), 'available')).toMatchObject(said);
      const { tenantId } = scene.client.caller;
      const colleague = await scene.system.client(tenantId, 'files:read', left(scene, 'colleague'));
      expect((await colleague.file(left(scene, 'fileId'))).status).toBe(200);
      const somebody = await scene.system.client(tenantId, 'files:read');
      expect((await somebody.file(left(scene, 'fileId'))).status).toBe(404);
    },
  ],
  [
    '`GET /v1/subjects/case/{id}/files`',
    async (scene) => {
      expect(await filesOfCase(scene, 'A-1')).toEqual([left(scene, 'fileId')]);
    },
  ],
  [
    '`GET /v1/files?subject=case:{id}&mimeType=&createdBy=&createdFrom=&urls=true`',
    async (scene) => {
      const from = new Date(Date.now() - 3_600_000).toISOString();
      const query = `subject=case:A-1&mimeType=text/plain&createdBy=${scene.client.caller.userId}&createdFrom=${from}&urls=true`;
      const { body } = await answered(scene, 200, 'GET', `/v1/files?${query}`);
      expect(body).toMatchObject({ items: [{ fileId: left(scene, 'fileId'), downloadUrl: { expiresIn: 900 } }] });
      expect(await (await fetch(body.items[0].downloadUrl.url as string)).text()).toBe(evidence.toString());
    },
  ],
  [
    '`PUT /v1/files/{fileId}/subjects/case/{id}`',
    async (scene) => {
      await answered(scene, 204, 'PUT', `/v1/files/${left(scene, 'fileId')}/subjects/case/B-2`);
      expect(await filesOfCase(scene, 'B-2')).toEqual([left(scene, 'fileId')]);
    },
  ],
  [
    'job `attach-file.v1` on the queue `attach-file`',
    async (scene) => {
      const { tenantId, userId: actorId } = scene.client.caller;
      const event = { eventId: randomUUID(), tenantId, fileId: left(scene, 'fileId'), actorId };
      const queue = new Queue('attach-file', { connection: { url: scene.system.redis.url } });
      try {
        const rest = { subject: { type: 'case', id: 'C-3' }, occurredAt: new Date().toISOString() };
        await queue.add('attach-file.v1', { ...event, ...rest }, { jobId: event.eventId });
        await scene.system.eventually(
          'the event is handled',
          async () => (await filesOfCase(scene, 'C-3')).length === 1,
        );
      } finally {
        await queue.close();
      }
    },
  ],
  [
    '`DELETE /v1/files/{fileId}/subjects/case/{id}`',
    async (scene) => {
      await answered(scene, 204, 'DELETE', `/v1/files/${left(scene, 'fileId')}/subjects/case/B-2`);
      expect(await filesOfCase(scene, 'B-2')).toEqual([]);
    },
  ],
];
