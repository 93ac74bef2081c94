import { afterEach, describe, expect, it } from '@jest/globals';
import { Api } from './api.js';
import { json, localServer, problem } from './local-server.fixture.js';
import type { Answering } from './local-server.fixture.js';

describe('Api', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function serving(answer: Answering) {
    const seen: { method: string; url: string; headers: Record<string, unknown> }[] = [];
    const { url, stop } = await localServer((request, response) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
      answer(request, response);
    });
    stops.push(stop);
    return { url, seen };
  }

  it('fills in the path, leaves out what is undefined, and keeps a path before /v1', async () => {
    const { url, seen } = await serving((_, response) => json(response, { items: [] }));
    const api = new Api({ url: `${url}/custody/`, token: 't' });
    await api.call('GET /v1/subjects/{type}/{subjectId}/files', {
      path: { type: 'case', subjectId: 'A/1 ü' },
      query: { limit: 2, cursor: undefined },
    });
    expect(seen[0]?.url).toBe('/custody/v1/subjects/case/A%2F1%20%C3%BC/files?limit=2');
    expect(seen[0]?.headers['authorization']).toBe('Bearer t');
  });

  it('throws the problem with its code, request and pointers', async () => {
    const { url } = await serving((_, response) => problem(response, 404, 'FILE_NOT_FOUND'));
    const call = new Api({ url, token: 't' }).call('GET /v1/files/{fileId}', { path: { fileId: 'x' } });
    await expect(call).rejects.toMatchObject({
      name: 'CustodyError',
      code: 'FILE_NOT_FOUND',
      status: 404,
      requestId: 'r-1',
      errors: [],
    });
  });

  it('names an answer that is not of the service', async () => {
    const { url } = await serving((_, response) => response.writeHead(418).end('<html>'));
    await expect(new Api({ url, token: 't' }).call('GET /v1/file-types', {})).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      status: 418,
    });
  });

  it('asks for a token once for requests that are refused together, and once only', async () => {
    const { url, seen } = await serving((request, response) =>
      request.headers.authorization === 'Bearer new' ? json(response, {}) : problem(response, 401, 'UNAUTHENTICATED'),
    );
    let asked = 0;
    const api = new Api({ url, token: async () => (asked++ === 0 ? 'old' : 'new') });
    await Promise.all([api.call('GET /v1/file-types', {}), api.call('GET /v1/file-types', {})]);
    expect({ asked, requests: seen.length }).toEqual({ asked: 2, requests: 4 });

    const fixed = new Api({ url, token: 'old' });
    await expect(fixed.call('GET /v1/file-types', {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(seen).toHaveLength(5);
  });

  it('repeats a refusal that says when, under the same key', async () => {
    const { url, seen } = await serving((_, response) =>
      seen.length === 1
        ? problem(response, 503, 'SERVICE_UNAVAILABLE', { 'retry-after': '0' })
        : json(response, { folderId: 'f' }, 201),
    );
    const api = new Api({ url, token: 't' });
    await api.call('POST /v1/folders', { body: { name: 'a' }, idempotencyKey: 'k' });
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
  });

  it('repeats a lost answer where nothing can happen twice, and nowhere else', async () => {
    const { url, seen } = await serving((request, response) =>
      seen.length === 1 || request.method === 'DELETE' ? response.destroy() : json(response, {}),
    );
    const api = new Api({ url, token: 't' });
    await api.call('GET /v1/file-types', {});
    expect(seen).toHaveLength(2);
    await expect(api.call('DELETE /v1/files/{fileId}', { path: { fileId: 'x' } })).rejects.toMatchObject({
      code: 'NETWORK_ERROR',
    });
    expect(seen).toHaveLength(3);
  });

  it('does not wait longer than a caller would', async () => {
    const { url, seen } = await serving((_, response) =>
      problem(response, 429, 'TOO_MANY_REQUESTS', { 'retry-after': '60' }),
    );
    await expect(new Api({ url, token: 't' }).call('GET /v1/file-types', {})).rejects.toMatchObject({ retryAfter: 60 });
    expect(seen).toHaveLength(1);
  });

  it('throws the reason of its signal', async () => {
    const abort = new AbortController();
    const { url } = await serving(() => abort.abort(new Error('enough')));
    await expect(new Api({ url, token: 't' }).call('GET /v1/file-types', { signal: abort.signal })).rejects.toThrow(
      'enough',
    );
  });
});
