import { afterEach, describe, expect, it } from '@jest/globals';
import { CustodyError } from '../errors.js';
import { localServer } from '../http/local-server.fixture.js';
import { putByNode } from '../transport/put-by-node.js';
import { deliver } from './deliver.js';
import type { SignedPut } from './deliver.js';
import { sourceOf } from './source.js';

describe('deliver', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** A store that answers with these statuses in turn; 0 breaks the connection. Signed URLs are numbered. */
  async function delivered(statuses: readonly number[], headers: Record<string, string> = { 'retry-after': '0' }) {
    const urls: string[] = [];
    const bodies: string[] = [];
    const { url, stop } = await localServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        urls.push(request.url ?? '');
        bodies.push(body);
        const status = statuses[urls.length - 1] ?? 200;
        if (status === 0) response.destroy();
        else response.writeHead(status, headers).end();
      });
    });
    stops.push(stop);
    let signed = 0;
    let current: SignedPut | undefined;
    const waits: CustodyError[] = [];
    const status = await deliver({
      put: putByNode,
      source: await sourceOf(Buffer.from('0123456789')),
      piece: { start: 2, end: 6 },
      signal: new AbortController().signal,
      sign: async (refused) => {
        if (current === undefined || refused !== undefined) current = { uploadUrl: `${url}/${++signed}`, headers: {} };
        return current;
      },
      onSent: () => undefined,
      onWait: (error) => waits.push(error),
    }).catch((error: unknown) => error);
    return { status, urls, bodies, waits: waits.map(({ code, status: said }) => [code, said]) };
  }

  it('sends the piece', async () => {
    expect(await delivered([])).toEqual({ status: 200, urls: ['/1'], bodies: ['2345'], waits: [] });
  });

  it('waits for a broken connection and a throttled store, with the same URL', async () => {
    expect(await delivered([0, 503])).toEqual({
      status: 200,
      urls: ['/1', '/1', '/1'],
      bodies: ['2345', '2345', '2345'],
      waits: [
        ['NETWORK_ERROR', 0],
        ['UPLOAD_REFUSED', 503],
      ],
    });
  });

  it('takes a fresh URL for a refused one at once, three times', async () => {
    expect(await delivered([403, 403])).toMatchObject({ status: 200, urls: ['/1', '/2', '/3'], waits: [] });
    expect((await delivered([403, 403, 403])).status).toMatchObject({ code: 'UPLOAD_REFUSED', status: 403 });
  });

  it('knows what was there before and what is gone', async () => {
    expect((await delivered([412])).status).toBe(412);
    expect((await delivered([404])).status).toBe(404);
  });

  it('gives up what waiting does not mend', async () => {
    expect(await delivered([411])).toMatchObject({ status: { code: 'UPLOAD_REFUSED', status: 411 }, urls: ['/1'] });
  });

  it('tells a file that is gone from a lost connection', async () => {
    const { url, stop } = await localServer((_, response) => response.destroy());
    stops.push(stop);
    const source = await sourceOf(Buffer.from('0123456789'));
    const lost = deliver({
      put: putByNode,
      source: {
        ...source,
        size: source.size,
        slice: (start, end) => source.slice(start, end),
        check: async () => Promise.reject(new CustodyError('SOURCE_CHANGED', 'it changed')),
      },
      piece: { start: 0, end: 4 },
      signal: new AbortController().signal,
      sign: async () => ({ uploadUrl: url, headers: {} }),
      onSent: () => undefined,
      onWait: () => undefined,
    });
    await expect(lost).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });
});
