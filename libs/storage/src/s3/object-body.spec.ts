import { createHash, randomBytes } from 'node:crypto';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@custody/testing';
import type { StorageLimits } from '../storage.options.js';
import type { S3ObjectStore } from './s3-object-store.js';
import { closed, listening, storeOver } from './store-over.fixture.js';

const MIB = 1024 ** 2;
const KEYS = ['a', 'b', 'c', 'd'] as const;
const OBJECTS = new Map(KEYS.map((key) => [key as string, randomBytes(6 * MIB + 13)]));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const DIGESTS = new Map([...OBJECTS].map(([key, bytes]) => [key, sha256(bytes)]));

const objects: RequestListener = ({ url = '' }, response) => {
  response.end(OBJECTS.get(new URL(url, 'http://store').pathname.slice('/main/'.length)));
};

/** A store, and a gateway that answers each request with the object of that name. */
function withGateway(
  answer: RequestListener,
  run: (gateway: string, store: S3ObjectStore) => Promise<void>,
  limits: Partial<StorageLimits> = {},
): Promise<void> {
  return storeOver(answer, { idleTimeoutMs: 5_000, maxAttempts: 1, maxSockets: 8, ...limits }, async (store) => {
    const gateway = createServer(({ url = '' }, response) => {
      void store.open({ bucket: 'main', key: url.slice(1) }).then(({ body, length }) => {
        response.writeHead(200, { 'content-length': length });
        body.on('error', () => response.destroy());
        response.on('close', () => body.destroy());
        body.pipe(response);
      });
    });
    try {
      await run(await listening(gateway), store);
    } finally {
      await closed(gateway);
    }
  });
}

const request = (url: string) =>
  new Promise<IncomingMessage>((resolve, reject) => get(url, { agent: false }, resolve).on('error', reject));

/** The digest of what comes; `slow` readers leave the bytes waiting again and again. */
async function digestOf(url: string, slow: boolean): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await request(url)) {
    hash.update(chunk as Buffer);
    if (slow) for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }
  return hash.digest('hex');
}

describe('the body of an object', () => {
  it('goes to each of many clients as it is, fast and slow ones and beside some that leave', () =>
    withGateway(objects, async (gateway) => {
      const leave = async (key: string) => {
        const answer = await request(`${gateway}/${key}`);
        await new Promise((resolve) => answer.once('data', resolve));
        answer.destroy();
      };
      const read = async (key: string, at: number) => {
        await leave(key);
        expect(await digestOf(`${gateway}/${key}`, at % 2 === 1)).toBe(DIGESTS.get(key));
      };
      const clients = Array.from({ length: 24 }, (_, at) => read(KEYS[at % KEYS.length] ?? 'a', at));
      await Promise.all(clients);
      expect.assertions(clients.length);
    }));

  it('stays as it is with a reader who keeps it, while others are served', () =>
    withGateway(objects, async (gateway, store) => {
      const { body } = await store.open({ bucket: 'main', key: 'a' });
      const [kept] = await Promise.all([
        body.toArray() as Promise<Buffer[]>,
        ...KEYS.map((key) => digestOf(`${gateway}/${key}`, false)),
      ]);
      expect(sha256(Buffer.concat(kept))).toBe(DIGESTS.get('a'));

      const through = new PassThrough();
      const [passed] = await Promise.all([
        through.toArray() as Promise<Buffer[]>,
        store.open({ bucket: 'main', key: 'b' }).then(({ body }) => body.pipe(through)),
        ...KEYS.map((key) => digestOf(`${gateway}/${key}`, false)),
      ]);
      expect(sha256(Buffer.concat(passed))).toBe(DIGESTS.get('b'));
    }));

  it('is held back by a reader who does not read, and let go of when he leaves', async () => {
    let [sent, lastAt] = [0, 0];
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (gone = resolve));
    const endless: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 1024 ** 3 });
      const more = () => {
        while (response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024;
        lastAt = Date.now();
      };
      response.on('drain', more).on('close', gone);
      more();
    };
    await withGateway(endless, async (gateway, store) => {
      const { body } = await store.open({ bucket: 'main', key: 'k' });
      await new Promise((resolve) => body.once('readable', resolve));
      const answer = await request(`${gateway}/k`);
      answer.pause();
      await eventually('the store can send no more', () => Date.now() - lastAt > 100);
      // What the sockets of this machine take for two connections, and no more.
      expect(sent).toBeLessThan(64 * MIB);
      body.destroy();
      await left;
      answer.destroy();
    });
  });

  it('is not taken for silent while nobody asks for more', () =>
    withGateway(
      objects,
      async (_, store) => {
        const { body } = await store.open({ bucket: 'main', key: 'a' });
        await new Promise((resolve) => body.once('readable', resolve));
        const openedAt = Date.now();
        await eventually('more than the limit has passed', () => Date.now() - openedAt > 400);
        expect(sha256(Buffer.concat((await body.toArray()) as Buffer[]))).toBe(DIGESTS.get('a'));
      },
      { idleTimeoutMs: 150 },
    ));

  it('that the store breaks off is broken off for the client', async () => {
    const cut: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 2 * MIB });
      response.write(Buffer.alloc(MIB), () => response.destroy());
    };
    await withGateway(cut, async (gateway) => {
      await expect(digestOf(`${gateway}/k`, false)).rejects.toMatchObject({ code: 'ECONNRESET' });
    });
  });
});
