import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Api } from '../http/api.js';
import { json, localServer, problem } from '../http/local-server.fixture.js';
import { waitForScan } from './wait-for-scan.js';

describe('waitForScan', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** A service whose newest version has these stages in turn; the last one stays. */
  async function watching(stages: readonly string[], stream: (response: ServerResponse) => void) {
    const left = [...stages];
    const { url, stop } = await localServer((request, response) => {
      const path = request.url ?? '';
      if (path.endsWith('/events')) return stream(response);
      if (!path.includes('/versions')) return json(response, { fileId: 'f', versionId: 'old', status: 'available' });
      const stage = left.length > 1 ? left.shift() : left[0];
      const status = stage === 'available' || stage === 'rejected' ? stage : 'pending_scan';
      const item = { versionId: 'v', status, stage, rejectReason: stage === 'rejected' ? 'infected' : null };
      json(response, { items: [item], nextCursor: null, hasMore: false });
    });
    stops.push(stop);
    return new Api({ url, token: 't' });
  }

  it('is woken by an event, and says how the newest version ended, not the one that serves', async () => {
    const api = await watching(['scanning', 'rejected'], (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: file.status\nid: 1\ndata: {"stage":"rejected"}\n\n');
    });
    const stages: string[] = [];
    const started = performance.now();
    const file = await waitForScan(api, 'f', { onStage: (stage) => stages.push(stage) });
    expect(file).toEqual({
      fileId: 'f',
      versionId: 'v',
      status: 'rejected',
      stage: 'rejected',
      rejectReason: 'infected',
    });
    expect(stages.at(-1)).toBe('rejected');
    // Nobody waited for a poll.
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('asks by itself where streams are refused', async () => {
    const api = await watching(['scanning', 'available'], (response) => problem(response, 404, 'ROUTE_NOT_FOUND'));
    expect(await waitForScan(api, 'f')).toMatchObject({ status: 'available', versionId: 'v' });
  });

  it('ends with its time and with its signal', async () => {
    const api = await watching(['held'], (response) => response.writeHead(200).write(': heartbeat\n\n'));
    await expect(waitForScan(api, 'f', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    const abort = new AbortController();
    const onStage = () => abort.abort(new Error('enough'));
    await expect(waitForScan(api, 'f', { signal: abort.signal, onStage })).rejects.toThrow('enough');
  });
});
