import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { FaultProxy, stackEnv } from '@custody/testing';
import type { Client } from './harness/client.js';
import { generated, sha256, textFile } from './harness/samples.js';
import { ORIGIN, System } from './harness/system.js';
import { sendStream } from './harness/transfer.js';

const MiB = 1024 ** 2;
const SIZE = 256 * MiB;
/** What sockets on loopback hold between the store and a reader that does not read: three hops of a few MiB. */
const IN_SOCKETS_MIB = 24;

describe('streaming', () => {
  let system: System;
  let client: Client;
  /** Between the API and the store, counting. */
  let store: FaultProxy;
  let big: string;
  let bigHash: string;

  beforeAll(async () => {
    const { hostname, port } = new URL(stackEnv('S3_ENDPOINT'));
    store = await FaultProxy.listen({ host: hostname, port: Number(port) });
    system = await System.start({ label: 'streaming', apps: ['scan-worker'] });
    await system.startApp('files-api', { S3_ENDPOINT: `http://127.0.0.1:${store.port}` });
    client = await system.client();
    const hash = createHash('sha256');
    for (const chunk of generated(SIZE)) hash.update(chunk);
    bigHash = hash.digest('hex');
    const presigned = await client.presign(SIZE, { filename: 'disk.img', mimeType: 'application/octet-stream' });
    const { uploadUrl, headers, fileId } = presigned.body;
    expect(await sendStream('PUT', uploadUrl, headers, SIZE, generated(SIZE))).toMatchObject({ status: 200 });
    expect((await client.confirm(fileId)).status).toBe(200);
    await client.until(fileId, 'available', 120_000);
    big = fileId;
  }, 180_000);
  afterAll(async () => {
    await system.stop();
    await store.close();
  });

  /** The answer as soon as its head is there; no byte of its body is read. */
  async function open(fileId: string, headers: Record<string, string> = {}, as = client): Promise<IncomingMessage> {
    const authorization = `Bearer ${as.caller.token}`;
    const request = get(`${system.apiUrl}/v1/files/${fileId}/content`, {
      headers: { authorization, ...headers },
      agent: false,
    });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer.on('error', () => undefined);
  }

  /** Resolves when the store has sent no more for a while. */
  async function untilQuiet(): Promise<void> {
    let seen = -1;
    let quiet = 0;
    await system.eventually('the store is not read any more', async () => {
      quiet = store.passed.toClient === seen ? quiet + 1 : 0;
      seen = store.passed.toClient;
      return quiet >= 10;
    });
  }

  it('M27 holds the store back for readers that stop, in flat memory, and sends them the rest when they go on', async () => {
    await (await fetchWhole(await client.upload(textFile()).then(availableId))).arrayBuffer();
    const api = system.running('files-api');
    const idle = api.rss();
    const [before, connections] = [store.passed.toClient, store.open];
    const stopped = await Promise.all(Array.from({ length: 4 }, () => open(big)));
    await untilQuiet();
    const read = store.passed.toClient - before;
    expect(read).toBeGreaterThan(0);
    expect(read / stopped.length / MiB).toBeLessThan(IN_SOCKETS_MIB);
    expect((api.rss() - idle) / MiB).toBeLessThan(64);

    const [first, ...others] = stopped;
    for (const one of others) one.destroy();
    await system.eventually('three reads of the store are over', async () => store.open <= connections + 1);
    const hash = createHash('sha256');
    let peak = api.rss();
    for await (const chunk of first ?? []) {
      hash.update(chunk as Buffer);
      peak = Math.max(peak, api.rss());
    }
    expect(hash.digest('hex')).toBe(bigHash);
    expect((peak - idle) / MiB).toBeLessThan(64);
  }, 60_000);

  it('S26 M27 a reader that leaves ends the read of the store', async () => {
    const [before, connections] = [store.passed.toClient, store.open];
    const abandoned = await open(big, { range: `bytes=${MiB}-` });
    expect(abandoned.statusCode).toBe(206);
    abandoned.destroy();
    await system.eventually('the connection to the store is gone', async () => store.open <= connections);
    await untilQuiet();
    expect((store.passed.toClient - before) / MiB).toBeLessThan(IN_SOCKETS_MIB);
    expect((await client.file(big)).status).toBe(200);
  });

  it('M27 S26 resumes a download under If-Range, and begins anew when the file is another by then', async () => {
    const [old, fresh] = [textFile('old words '.repeat(50)), textFile('new words '.repeat(60))];
    const fileId = await availableId(await client.upload(old));
    const head = await client.call('GET', `/v1/files/${fileId}/content`, undefined, { range: 'bytes=0-99' });
    const etag = head.headers.get('etag') ?? '';
    expect(head).toMatchObject({ status: 206, body: old.subarray(0, 100).toString() });
    const resume = { range: 'bytes=100-', 'if-range': etag };
    const rest = await client.call('GET', `/v1/files/${fileId}/content`, undefined, resume);
    expect([rest.status, `${head.body as string}${rest.body as string}`]).toEqual([206, old.toString()]);

    const next = await client.call('POST', `/v1/files/${fileId}/versions/presign`, {
      mimeType: 'text/plain',
      size: fresh.length,
    });
    expect(next.status).toBe(201);
    expect((await client.put(next, new Uint8Array(fresh))).status).toBe(200);
    await client.confirm(fileId);
    await system.eventually('the new version speaks', async () => {
      const { body } = await client.file(fileId);
      return body.sha256 === sha256(fresh);
    });
    const anew = await client.call('GET', `/v1/files/${fileId}/content`, undefined, resume);
    expect([anew.status, anew.headers.get('content-range'), anew.body]).toEqual([200, null, fresh.toString()]);
    for (const stale of ['"of nothing"', `W/${anew.headers.get('etag')}`, new Date().toUTCString()]) {
      const headers = { range: 'bytes=0-1', 'if-range': stale };
      expect((await client.call('GET', `/v1/files/${fileId}/content`, undefined, headers)).status).toBe(200);
    }
  });

  it('S26 answers a set of several ranges with the whole', async () => {
    const bytes = textFile();
    const fileId = await availableId(await client.upload(bytes));
    const many = Array.from({ length: 1_000 }, (_, n) => `${n % 5}-`).join(',');
    const answer = await client.call('GET', `/v1/files/${fileId}/content`, undefined, { range: `bytes=${many}` });
    expect([answer.status, answer.body]).toEqual([200, bytes.toString()]);
  });

  it('M38 S24 opens the bytes to pages of configured origins, and to no others', async () => {
    const fileId = await availableId(await client.upload(textFile()));
    const path = `/v1/files/${fileId}/content`;
    const preflight = (origin: string) =>
      fetch(`${system.apiUrl}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization,range,if-range',
        },
      });
    const shown = (headers: Headers) =>
      ['access-control-allow-origin', 'cross-origin-resource-policy', 'vary'].map((name) => headers.get(name));

    const asked = await preflight(ORIGIN);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(asked.headers.get('access-control-allow-methods')).toContain('GET');
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/authorization.*range.*if-range/);
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    for (const method of ['GET', 'HEAD']) {
      const listed = await client.call(method, path, undefined, { origin: ORIGIN, range: 'bytes=0-1' });
      expect(shown(listed.headers)).toEqual([ORIGIN, 'cross-origin', 'Origin']);
      expect(listed.headers.get('access-control-expose-headers')).toMatch(/Accept-Ranges.*Content-Range.*ETag/);
    }
    for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, 'null', ORIGIN.replace('http', 'https')]) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const other = await client.call('GET', path, undefined, { origin });
      expect([origin, ...shown(other.headers)]).toEqual([origin, null, 'same-site', 'Origin']);
    }
    const direct = await client.call('GET', path);
    expect(shown(direct.headers)).toEqual([null, 'same-site', 'Origin']);
  });

  const fetchWhole = (fileId: string) =>
    fetch(`${system.apiUrl}/v1/files/${fileId}/content`, {
      headers: { authorization: `Bearer ${client.caller.token}` },
    });
  const availableId = async (fileId: string): Promise<string> => {
    await client.until(fileId, 'available');
    return fileId;
  };
});
