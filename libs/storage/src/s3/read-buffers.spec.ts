import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Agent, type buildConnector } from 'undici';
import { ReadBuffers } from './read-buffers.js';
import { closed, listening } from './store-over.fixture.js';

const MIB = 1024 ** 2;
const BYTES = randomBytes(16 * MIB);
const KEY = { psk: randomBytes(16), identity: 'test' };
const CIPHERS = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

interface Got {
  readonly sha256: string;
  /** Pieces of memory that the chunks of this body were read into. */
  readonly places: Set<ArrayBufferLike>;
}

function read(agent: Agent, origin: string, take: (chunk: Buffer) => void): Promise<Got> {
  const hash = createHash('sha256');
  const places = new Set<ArrayBufferLike>();
  return new Promise((resolve, reject) => {
    agent.dispatch(
      { origin, path: '/', method: 'GET' },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: (_, chunk) => {
          hash.update(chunk);
          places.add(chunk.buffer);
          take(chunk);
        },
        onResponseEnd: () => resolve({ sha256: hash.digest('hex'), places }),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

async function withAgent(
  server: Server,
  options: buildConnector.BuildOptions,
  run: (agent: Agent, port: number, buffers: ReadBuffers) => Promise<void>,
): Promise<void> {
  const { port } = new URL(await listening(server));
  const buffers = new ReadBuffers();
  const agent = new Agent({ connections: 4, connect: buffers.connector({ ...options, allowH2: false }) });
  try {
    await run(agent, Number(port), buffers);
  } finally {
    await agent.destroy();
    await closed(server);
  }
}

const sendAll: RequestListener = (_, response) => response.end(BYTES);

describe('read buffers', () => {
  it('read many bodies into the same little memory, when it is given back', () =>
    withAgent(createServer(sendAll), {}, async (agent, port, buffers) => {
      const places = new Set<ArrayBufferLike>();
      for (let turn = 0; turn < 4; turn += 1) {
        const got = await read(agent, `http://127.0.0.1:${port}`, (chunk) => buffers.release(chunk));
        expect(got.sha256).toBe(sha256(BYTES));
        got.places.forEach((place) => places.add(place));
      }
      // 64 MiB; new memory is taken where a chunk is not all that was read: with each head.
      expect(places.size).toBeLessThan(32);
    }));

  it('give memory that somebody still has to nobody else', () =>
    withAgent(createServer(sendAll), {}, async (agent, port, buffers) => {
      const chunks: Buffer[] = [];
      await read(agent, `http://127.0.0.1:${port}`, (chunk) => chunks.push(chunk));
      await read(agent, `http://127.0.0.1:${port}`, (chunk) => buffers.release(chunk));
      expect(sha256(Buffer.concat(chunks))).toBe(sha256(BYTES));
    }));

  it('take memory back once, and only when all that was read into it is', () =>
    withAgent(createServer(sendAll), {}, async (agent, port, buffers) => {
      let released = 0;
      await read(agent, `http://127.0.0.1:${port}`, (chunk) => {
        expect(buffers.release(chunk.subarray(1))).toBe(false);
        if (buffers.release(chunk)) released += 1;
        expect(buffers.release(chunk)).toBe(false);
      });
      expect(released).toBeGreaterThan(16);
    }));

  it('hand on bytes that may be kept', () =>
    withAgent(createServer(sendAll), {}, async (agent, port, buffers) => {
      const kept: Buffer[] = [];
      for (let turn = 0; turn < 2; turn += 1) {
        await read(agent, `http://127.0.0.1:${port}`, (chunk) => kept.push(buffers.keep(chunk)));
      }
      expect(sha256(Buffer.concat(kept))).toBe(sha256(Buffer.concat([BYTES, BYTES])));
    }));

  it('hold a few bytes in no more than they need', () =>
    withAgent(
      createServer((_, response) => response.end('abc')),
      {},
      async (agent, port) => {
        const { places } = await read(agent, `http://127.0.0.1:${port}`, () => undefined);
        expect([...places].every(({ byteLength }) => byteLength < 128 * 1024)).toBe(true);
      },
    ));

  it('serve connections under TLS too', () =>
    withAgent(
      createTlsServer({ ...CIPHERS, pskCallback: () => KEY.psk }, sendAll),
      { ...CIPHERS, pskCallback: () => KEY, checkServerIdentity: () => undefined },
      async (agent, port, buffers) => {
        const got = await read(agent, `https://127.0.0.1:${port}`, (chunk) => buffers.release(chunk));
        expect(got.sha256).toBe(sha256(BYTES));
      },
    ));
});
