import { sha256, type ObjectStoreBench } from './object-store.bench.js';

const BYTES = Buffer.from('%PDF-1.7 the body of an upload');

export function presigningConformance(bench: () => ObjectStoreBench): void {
  const presign = (key: string, expiresInSec = 60) =>
    bench().store.presignPut({ key, contentType: 'application/pdf', size: BYTES.length, expiresInSec });
  const put = async (url: string, headers: Readonly<Record<string, string>>, body = BYTES) =>
    (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) })).status;

  it('S3 an honest PUT succeeds and stores type and length', async () => {
    const key = bench().newKey();
    const { url, headers } = await presign(key);
    expect(await put(url, headers)).toBe(200);
    expect(await bench().store.head({ bucket: 'staging', key })).toMatchObject({
      size: BYTES.length,
      contentType: 'application/pdf',
    });
  });

  it('S1 a shorter or longer body is refused', async () => {
    const { url, headers } = await presign(bench().newKey());
    expect(await put(url, headers, BYTES.subarray(1))).toBe(403);
    expect(await put(url, headers, Buffer.concat([BYTES, BYTES]))).toBe(403);
  });

  it('S2 another Content-Type is refused', async () => {
    const { url, headers } = await presign(bench().newKey());
    expect(await put(url, { ...headers, 'content-type': 'text/html' })).toBe(403);
  });

  it('S5 a second PUT on the same URL is refused, or leaves the pinned version as it was', async () => {
    const { store, conditionalPut } = bench();
    const key = bench().newKey();
    const { url, headers } = await presign(key);
    expect(await put(url, headers)).toBe(200);
    const pin = await store.head({ bucket: 'staging', key });
    expect(await put(url, headers, Buffer.from(BYTES).reverse())).toBe(conditionalPut ? 412 : 200);
    const pinned = { bucket: 'staging', key, versionId: pin?.versionId ?? '' } as const;
    expect(await bench().read(store.open(pinned))).toEqual(BYTES);
  });

  it('S5 a PUT without the signed condition is refused', async () => {
    const { url, headers } = await presign(bench().newKey());
    const { 'if-none-match': condition, ...unconditional } = headers;
    expect(condition).toBe('*');
    expect(await put(url, unconditional)).toBe(403);
  });

  it('signs a declared sha256 into a header the client must send', async () => {
    const { store } = bench();
    const digest = sha256(BYTES);
    const key = bench().newKey();
    const request = { key, contentType: 'application/pdf', size: BYTES.length, sha256: digest, expiresInSec: 60 };
    const { url, headers } = await store.presignPut(request);
    expect(headers['x-amz-checksum-sha256']).toBe(Buffer.from(digest, 'hex').toString('base64'));
    const otherDigest = Buffer.from(sha256(Buffer.from('other')), 'hex').toString('base64');
    expect(await put(url, { ...headers, 'x-amz-checksum-sha256': otherDigest })).toBe(403);
    expect(await put(url, headers)).toBe(200);
  });

  it('without a length, a PUT takes any', async () => {
    const key = bench().newKey();
    const request = { key, contentType: 'application/pdf', size: null, expiresInSec: 60 };
    const { url, headers } = await bench().store.presignPut(request);
    expect(await put(url, headers, BYTES.subarray(1))).toBe(200);
    expect(await bench().store.head({ bucket: 'staging', key })).toMatchObject({ size: BYTES.length - 1 });
  });

  it('S1 S2 a form takes its key, its type and its lengths, and no field more', async () => {
    const key = bench().newKey();
    const size = { min: BYTES.length - 1, max: BYTES.length };
    const { url, fields } = await bench().store.presignPost({ key, contentType: 'text/plain', size, expiresInSec: 60 });
    const post = async (body: Uint8Array, change: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...change })) form.set(name, value);
      form.set('file', new Blob([new Uint8Array(body)]));
      return (await fetch(url, { method: 'POST', body: form })).ok;
    };
    const refused = [
      await post(BYTES.subarray(2)),
      await post(Buffer.concat([BYTES, BYTES.subarray(0, 1)])),
      await post(BYTES, { key: bench().newKey() }),
      await post(BYTES, { 'Content-Type': 'text/html' }),
      await post(BYTES, { acl: 'public-read' }),
    ];
    expect([refused, await post(BYTES.subarray(1)), await post(BYTES)]).toEqual([refused.map(() => false), true, true]);
    expect(await bench().store.head({ bucket: 'staging', key })).toMatchObject({
      size: BYTES.length,
      contentType: 'text/plain',
    });
  });

  it('names the instant a URL ends', async () => {
    const before = Date.now();
    const { url, expiresAt } = await presign(bench().newKey(), 900);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
    expect(Math.abs(expiresAt.getTime() - before - 900_000)).toBeLessThan(2_000);
  });

  reading(bench);
}

function reading(bench: () => ObjectStoreBench): void {
  it('reads through a URL with the disposition and type that were signed', async () => {
    const { store } = bench();
    const key = bench().newKey();
    const measures = { size: BYTES.length, sha256: sha256(BYTES) };
    const spec = { contentType: 'application/pdf', contentDisposition: 'attachment', ...measures };
    await store.promote(await bench().put(BYTES), key, spec);
    const contentDisposition = `attachment; filename="_.pdf"; filename*=UTF-8''%C3%A9.pdf`;
    const request = { key, expiresInSec: 60, contentDisposition, contentType: 'application/octet-stream' };
    const { url } = await store.presignGet(request);
    const answer = await fetch(url);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
    expect(answer.headers.get('content-disposition')).toBe(contentDisposition);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect((await fetch(url.replace('60', '61'))).status).toBe(403);
  });
}
