import { createCustody } from '@custody/sdk';
import { eicar, pngFile, sha256, textFile } from '../harness/samples.js';
import { startWebhookReceiver } from '../harness/webhook-receiver.js';
import { formData, hashOf, sendStream } from '../harness/transfer.js';
import { answered, confirmed, left, presigned, put, type Scene, type Step } from './steps.js';

const avatar = pngFile();

const sdk = ({ client }: Scene) => createCustody({ url: client.apiUrl, token: client.caller.token });

export const p2: readonly Step[] = [
  [
    '`POST /v1/files/presign` `{filename, mimeType, bucket, size, metadata}`',
    async (scene) => {
      const fields = { filename: 'me.png', mimeType: 'image/png', bucket: 'avatars', metadata: { of: 'me' } };
      await presigned(scene, '/v1/files/presign', avatar, fields);
      await put(scene);
    },
  ],
  ['`POST /v1/files/presign/{fileId}/confirm`', (scene) => confirmed(scene)],
  [
    '`GET /v1/files/{fileId}` until `status` is `available`',
    async (scene) => {
      expect(await scene.client.until(left(scene, 'fileId'), 'available')).toMatchObject({ sha256: sha256(avatar) });
    },
  ],
  [
    '`GET /v1/files/{fileId}/events`',
    async (scene) => {
      const fileId = await scene.client.upload(textFile());
      // Ends by itself with the verdict.
      const response = await fetch(`${scene.client.apiUrl}/v1/files/${fileId}/events`, {
        headers: { authorization: `Bearer ${scene.client.caller.token}` },
      });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      expect(await response.text()).toContain('"status":"available"');
    },
  ],
  [
    '`GET /v1/files/{fileId}`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', `/v1/files/${left(scene, 'fileId')}`);
      expect(body).toMatchObject({ mimeType: 'image/png', bucket: 'avatars', metadata: { of: 'me' } });
    },
  ],
  [
    '`POST /v1/files/upload`',
    async (scene) => {
      const bytes = textFile();
      const form = formData(
        { bucket: 'exports' },
        { name: 'a.txt', type: 'text/plain', size: bytes.length, chunks: [bytes] },
        {},
      );
      const headers = { ...form.headers, authorization: `Bearer ${scene.client.caller.token}` };
      const url = `${scene.client.apiUrl}/v1/files/upload`;
      const answer = await sendStream('POST', url, headers, form.size, form.chunks);
      expect(answer.status).toBe(201);
      expect(JSON.parse(answer.body)).toMatchObject({ filename: 'a.txt', status: 'pending_scan', url: null });
    },
  ],
  [
    '`GET /v1/files?bucket=&metadata.{name}=`',
    async (scene) => {
      const { body } = await answered(scene, 200, 'GET', '/v1/files?bucket=avatars&metadata.of=me');
      expect(body).toMatchObject({ items: [{ fileId: left(scene, 'fileId') }] });
    },
  ],
  [
    '`POST /v1/files/{fileId}/download-url` `{attachment: true}`',
    async (scene) => {
      const path = `/v1/files/${left(scene, 'fileId')}/download-url`;
      const { body } = await answered(scene, 200, 'POST', path, { attachment: true });
      expect(await hashOf(body.url as string)).toMatchObject({ status: 200, sha256: sha256(avatar) });
    },
  ],
  [
    '`custody.files.upload(source, {onProgress, signal})`',
    async (scene) => {
      let loaded = 0;
      const { signal } = new AbortController();
      const { fileId } = await sdk(scene).files.upload(new Blob([new Uint8Array(avatar)], { type: 'image/png' }), {
        signal,
        filename: 'me-too.png',
        bucket: 'avatars',
        onProgress: (progress) => (loaded = progress.loaded),
      });
      expect(loaded).toBe(avatar.length);
      scene.left.set('uploaded', fileId);
    },
  ],
  [
    '`custody.waitForScan(fileId, {timeoutMs})`',
    async (scene) => {
      const file = await sdk(scene).waitForScan(left(scene, 'uploaded'), { timeoutMs: 30_000 });
      expect(file).toMatchObject({ status: 'available', sha256: sha256(avatar) });
    },
  ],
  [
    'event `notify.notification.sent`',
    async (scene) => {
      const fileId = await scene.client.upload(eicar());
      await scene.client.until(fileId, 'rejected');
      const events = await scene.system.eventually('the event arrives', () => {
        const received = scene.system.sink.of(fileId);
        return Promise.resolve(received.length > 0 && received);
      });
      expect(events[0]).toMatchObject({ type: 'notify.notification.sent', data: { notification: 'file.infected' } });
    },
  ],
  [
    '`POST /v1/webhooks`',
    async (scene) => {
      const receiver = await startWebhookReceiver();
      try {
        const subscription = { url: `${receiver.url}/hook`, events: ['file.available'] };
        const { body } = await answered(scene, 201, 'POST', '/v1/webhooks', subscription);
        const fileId = await scene.client.upload(textFile());
        const event = await scene.system.eventually('the webhook is told', () => Promise.resolve(receiver.received[0]));
        expect(receiver.verified(event, body.secret as string)).toMatchObject({
          type: 'file.available',
          subject: fileId,
        });
      } finally {
        await receiver.stop();
      }
    },
  ],
];
