import { randomUUID } from 'node:crypto';
import { ObjectStore, ObjectStoreError } from '@custody/storage';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RunningApi } from '../files-api.fixture.js';

describe('the record of an outage', () => {
  let running: RunningApi;
  let token: string;

  beforeAll(async () => {
    running = await RunningApi.start();
    token = await running.token({ tenant: randomUUID(), user: randomUUID() });
  }, 60_000);
  afterAll(() => running.stop());
  afterEach(() => jest.restoreAllMocks());

  async function post(path: string, body: object): Promise<unknown> {
    const response = await fetch(running.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  it('F12 says why, the same at every door; clients are told that there is one', async () => {
    const file = { filename: 'a.png', mimeType: 'image/png', bucket: 'assets', size: 10 };
    const { fileId } = (await post('/v1/files/presign', file)) as { fileId: string };
    const refused = new ObjectStoreError('UNAVAILABLE', 'GetObject: 503 SlowDown');
    jest.spyOn(running.api.app.get(ObjectStore), 'peek').mockRejectedValue(refused);
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const query = 'mutation ($id: ID!) { confirmUpload(fileId: $id) { fileId } }';
    const answers = [
      await post(`/v1/files/presign/${fileId}/confirm`, {}),
      await post('/graphql', { query, variables: { id: fileId } }),
    ];
    expect(answers).toMatchObject([
      { code: 'STORE_UNAVAILABLE' },
      { errors: [{ extensions: { code: 'STORE_UNAVAILABLE' } }] },
    ]);
    expect(JSON.stringify(answers)).not.toContain('SlowDown');
    const [record] = warn.mock.calls[0] ?? [];
    expect(record).toMatch(/^STORE_UNAVAILABLE: .+ \(GetObject: 503 SlowDown\)$/);
    expect(warn.mock.calls).toEqual([[record], [record]]);
  });
});
