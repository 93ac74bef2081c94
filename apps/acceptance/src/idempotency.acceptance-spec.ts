import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { freePort } from '@custody/testing';
import { checkSystem } from './harness/invariants.js';
import { Client, type Answer } from './harness/client.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { formData, sendStream } from './harness/transfer.js';

const PRESIGN = { filename: 'note.txt', mimeType: 'text/plain', bucket: 'documents', size: 20 };

describe('Idempotency-Key', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'idempotency', apps: ['files-api', 'staging-reaper'] });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const under = (key: string) => ({ 'idempotency-key': key });
  const presign = (key: string, fields: object = {}, as = client) =>
    as.call('POST', '/v1/files/presign', { ...PRESIGN, ...fields }, under(key));
  const filesOf = async ({ caller }: Client): Promise<number> => {
    const text = 'SELECT count(*)::int AS n FROM files WHERE tenant_id = $1 AND deleted_at IS NULL';
    return (await system.rows<{ n: number }>(text, [caller.tenantId]))[0]?.n ?? -1;
  };
  const pendingOf = async ({ caller }: Client) =>
    (
      await system.rows<{ pending: number }>('SELECT pending FROM tenant_quota WHERE tenant_id = $1', [caller.tenantId])
    )[0]?.pending;
  const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true';

  /** A proxied upload; `after` is a field behind the file. */
  async function send(key: string, bytes: Buffer, after: Record<string, string> = {}, apiUrl = system.apiUrl) {
    const form = formOf(bytes, after);
    const { status, body } = await sendStream(
      'POST',
      `${apiUrl}/v1/files/upload`,
      headersOf(key, form),
      form.size,
      form.chunks,
    );
    return { status, body: JSON.parse(body) };
  }
  const formOf = (bytes: Buffer, after: Record<string, string> = {}) => {
    const file = { name: 'a.txt', type: 'text/plain', size: bytes.length, chunks: [bytes] };
    return formData({ bucket: 'documents' }, file, after);
  };
  const headersOf = (key: string, form: ReturnType<typeof formData>) => ({
    authorization: `Bearer ${client.caller.token}`,
    ...form.headers,
    ...under(key),
  });

  /** The same with its body kept open: resolves when the API has the key, `finish` sends the rest. */
  async function sendHalf(key: string, bytes: Buffer, apiUrl = system.apiUrl) {
    const form = formOf(bytes);
    const [head, ...rest] = [...form.chunks];
    const outgoing = request(`${apiUrl}/v1/files/upload`, {
      method: 'POST',
      headers: { ...headersOf(key, form), 'content-length': String(form.size) },
    });
    const status = new Promise<number>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        buffer(response).then(() => resolve(response.statusCode ?? 0), reject);
      });
    });
    // Nobody waits for it yet when the process is killed.
    status.catch(() => undefined);
    outgoing.write(head);
    await system.eventually('the key is claimed', async () => (await keyRow(key)) !== undefined);
    return {
      finish() {
        for (const chunk of rest) outgoing.write(chunk);
        outgoing.end();
        return status;
      },
    };
  }
  const keyRow = async (key: string) =>
    (
      await system.rows<{ result: unknown; claim: string | null }>(
        'SELECT result, claim FROM idempotency_keys WHERE tenant_id = $1 AND key = $2',
        [client.caller.tenantId, key],
      )
    )[0];

  it('makes one file of 50 parallel presigns, and the URL of a replay works', async () => {
    const key = randomUUID();
    const bytes = textFile();
    const answers = await Promise.all(Array.from({ length: 50 }, () => presign(key, { size: bytes.length })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => `${body.fileId}/${body.versionId}`)).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect([await filesOf(client), await pendingOf(client)]).toEqual([1, 1]);
    const replay = answers.find(isReplay) as Answer;
    expect((await client.put(replay, new Blob([new Uint8Array(bytes)]))).status).toBe(200);
    expect(await client.confirm(replay.body.fileId)).toMatchObject({ status: 200 });
    // No URL can be of use any more: the file is named instead.
    const late = await presign(key, { size: bytes.length });
    expect(late).toMatchObject({ status: 409, body: { code: 'UPLOAD_NOT_AWAITED', fileId: replay.body.fileId } });
    expect(await filesOf(client)).toBe(1);
  });

  it('takes a quoted key for the same as a bare one, members in any order for the same body, and nothing else', async () => {
    const key = randomUUID();
    const first = await presign(key);
    const { size, ...rest } = PRESIGN;
    const reordered = await client.call('POST', '/v1/files/presign', { size, ...rest }, under(`"${key}"`));
    expect(reordered).toMatchObject({ status: 201, body: { fileId: first.body.fileId } });
    expect(isReplay(reordered)).toBe(true);
    expect(await presign(key, { size: 21 })).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const elsewhere = await client.call('POST', '/v1/subjects/case/1/presign', PRESIGN, under(key));
    expect(elsewhere.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    for (const bad of ['""', '"a', '"a";b=1', 'a b', 'x'.repeat(256)])
      expect(await presign(bad)).toMatchObject({ status: 400, body: { errors: [{ pointer: 'Idempotency-Key' }] } });
    const deep = await fetch(`${system.apiUrl}/v1/files/presign`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${client.caller.token}`,
        'content-type': 'application/json',
        ...under(randomUUID()),
      },
      body: '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    });
    expect(deep.status).toBe(400);
    expect(await filesOf(client)).toBe(1);
  });

  it('holds at every creating door', async () => {
    const fileId = (await presign(randomUUID())).body.fileId as string;
    const version = { mimeType: 'text/plain', size: 20 };
    const doors: [string, object][] = [
      ['/v1/files/presign', { ...PRESIGN, multipart: true, size: 12_000_000 }],
      ['/v1/folders', { name: 'f' }],
      ['/v1/access-groups', { name: 'g' }],
      ['/v1/subjects/case/1/presign', PRESIGN],
      [`/v1/files/${fileId}/versions/presign`, version],
      ['/uppy/s3/multipart', { filename: 'a', metadata: { bucket: 'documents' } }],
      ['/v1/webhooks', { url: 'http://127.0.0.1:9/hook', events: ['file.available'] }],
    ];
    const { body: document } = await client.call('GET', '/openapi.json');
    type Operation = { parameters?: { name: string }[]; responses: object };
    const posts = Object.entries(document.paths as Record<string, { post?: Operation }>);
    const creating = posts.filter(([, { post }]) => post !== undefined && '201' in post.responses);
    const documented = posts.filter(([, { post }]) => post?.parameters?.some(({ name }) => name === 'Idempotency-Key'));
    expect(documented.map(([path]) => path)).toEqual(creating.map(([path]) => path));
    // Besides these: the proxied upload, which has tests of its own, and the door of Uppy again, under a token.
    expect(documented).toHaveLength(doors.length + 2);
    for (const [path, body] of doors) {
      const key = randomUUID();
      const [first, second] = [
        await client.call('POST', path, body, under(key)),
        await client.call('POST', path, body, under(key)),
      ];
      expect([path, first.status, isReplay(first)]).toEqual([path, 201, false]);
      expect([path, second.status, isReplay(second)]).toEqual([path, 201, true]);
      const { uploadUrl: _, expiresAt: __, ...made } = first.body;
      expect(second.body).toMatchObject(made);
      expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    }
    const hook = randomUUID();
    const [path, body] = doors.at(-1) as (typeof doors)[number];
    const { id } = (await client.call('POST', path, body, under(hook))).body as { id: string };
    await client.call('DELETE', `${path}/${id}`);
    expect((await client.call('POST', path, body, under(hook))).body.code).toBe('WEBHOOK_NOT_FOUND');
    // Without a key the same name is refused, as ever.
    expect(await client.call('POST', '/v1/folders', { name: 'f' })).toMatchObject({ status: 409 });
  });

  it('M42 holds for each creating mutation of a GraphQL document', async () => {
    const key = randomUUID();
    const two = `mutation ($input: PresignUploadInput!) {
      a: createFolder(input: { name: "a" }) { folderId }
      b: presignUpload(input: $input) { fileId }
      c: presignUpload(input: $input) { fileId }
      d: createAccessGroup(input: { name: "d" }) { id }
      e: registerWebhook(input: { url: "http://127.0.0.1:9/e", events: ["file.available"] }) { id secret }
    }`;
    const ask = (query: string, variables: object = {}) =>
      client.call('POST', '/graphql', { query, variables }, under(key));
    const input = { ...PRESIGN, size: '20', bucket: 'documents' };
    const [first, second] = [await ask(two, { input }), await ask(two, { input })];
    expect(first.body).toMatchObject({ data: { a: { folderId: expect.any(String) as string } } });
    expect(first.body.errors).toBeUndefined();
    expect(new Set([first.body.data.b.fileId, first.body.data.c.fileId]).size).toBe(2);
    expect([second.body, isReplay(first), isReplay(second)]).toEqual([first.body, false, true]);
    const other = await ask('mutation { a: createFolder(input: { name: "other" }) { folderId } }');
    expect(other.body).toMatchObject({ errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED', status: 422 } }] });
    expect(await filesOf(client)).toBe(2);
  });

  it('keeps keys of another user and of another tenant apart', async () => {
    const key = randomUUID();
    const { tenantId, userId } = client.caller;
    const others = [await system.client(tenantId), await system.client(randomUUID(), undefined, userId)];
    const answers = [
      await presign(key),
      ...(await Promise.all(others.map((other) => presign(key, { size: 9 }, other)))),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.fileId)).size).toBe(3);
  });

  it('keeps no key of a refused request: it may be mended and sent again', async () => {
    const key = randomUUID();
    expect(await presign(key, { accessGroupId: randomUUID() })).toMatchObject({ status: 404 });
    expect(await presign(key, { size: 0 })).toMatchObject({ status: 400 });
    const made = await presign(key);
    expect([made.status, isReplay(made)]).toEqual([201, false]);
  });

  it('M4 refuses a second proxied upload while the first is in flight, and repeats its answer afterwards', async () => {
    const [key, bytes] = [randomUUID(), textFile()];
    const first = await sendHalf(key, bytes);
    const second = await client.call('POST', '/v1/files/presign', PRESIGN, under(key));
    expect(second).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_FLIGHT' } });
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await send(key, bytes)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_FLIGHT' } });
    expect(await first.finish()).toBe(201);
    const [replay, other, otherField] = [
      await send(key, bytes),
      await send(key, textFile()),
      await send(key, bytes, { metadata: '{"a":1}' }),
    ];
    expect(replay).toMatchObject({ status: 201, body: { size: bytes.length, status: 'pending_scan' } });
    for (const refused of [other, otherField])
      expect(refused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await filesOf(client)).toBe(1);
    expect(await system.store.stagingVersions(client.caller.tenantId)).toHaveLength(1);
  });

  it('M4 repeats the refusal of a proxied upload that was made and then refused', async () => {
    const [key, bytes] = [randomUUID(), textFile()];
    const mime = { mimeType: 'image/png' };
    const answers = [await send(key, bytes, mime), await send(key, bytes, mime)];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'MIME_TYPE_MISMATCH'],
      [422, 'MIME_TYPE_MISMATCH'],
    ]);
    expect(await filesOf(client)).toBe(1);
  });

  it('F2 kill -9 between effect and answer, and within an upload: the repeated request finds what the first one made', async () => {
    const [early, half, full] = [randomUUID(), randomUUID(), randomUUID()];
    const bytes = textFile();
    const replica = async (env: Record<string, string>) =>
      system.startApp('files-api', { ...env, PORT: String(await freePort()) });
    const [beforeAnswer, beforeConfirm] = await Promise.all([
      replica({ CRASH_AT: 'before-answer=kill' }),
      replica({ CRASH_AT: 'before-confirm=kill' }),
    ]);
    await expect(presign(early, {}, new Client(beforeAnswer.url, client.caller))).rejects.toThrow();
    await sendHalf(half, bytes, beforeConfirm.url);
    await expect(send(full, bytes, {}, beforeConfirm.url)).rejects.toThrow();
    expect(await filesOf(client)).toBe(2);

    const again = await presign(early);
    expect([again.status, isReplay(again), await filesOf(client)]).toEqual([201, true, 2]);
    // The rows were there, the confirm was not: the repetition does it.
    const finished = await send(full, bytes);
    expect(finished).toMatchObject({ status: 201, body: { size: bytes.length } });
    expect((await client.file(finished.body.fileId)).body).toMatchObject({ stage: 'uploaded', size: bytes.length });
    // Of the third nothing was left but its claim, and a claim lapses.
    expect(await send(half, bytes)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_FLIGHT' } });
    await system.rows('UPDATE idempotency_keys SET claimed_until = now() WHERE key = $1', [half]);
    expect(await send(half, bytes)).toMatchObject({ status: 201 });
    expect(await filesOf(client)).toBe(3);
  }, 60_000);

  it('works while Redis is away, and stores nothing that opens the store', async () => {
    await system.redis.kill();
    const key = randomUUID();
    const [first, second] = [await presign(key), await presign(key)];
    expect([first.status, second.status, isReplay(second)]).toEqual([201, 201, true]);
    await system.redis.start();
    const rows = await system.rows<{ row: string }>('SELECT k::text AS row FROM idempotency_keys k');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ row }) => /X-Amz-|whsec_|"secret"/i.test(row))).toEqual([]);
  });

  it('forgets a key after its time: the reaper removes it, and the request is a new one', async () => {
    const key = randomUUID();
    const first = await presign(key);
    await system.rows('UPDATE idempotency_keys SET expires_at = now() WHERE key = $1', [key]);
    await system.eventually('the key is trimmed', async () => (await keyRow(key)) === undefined);
    const second = await presign(key);
    expect([second.status, isReplay(second)]).toEqual([201, false]);
    expect(second.body.fileId).not.toBe(first.body.fileId);
  });
});
