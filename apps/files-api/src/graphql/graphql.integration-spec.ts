import { randomUUID } from 'node:crypto';
import { TenantDatabase } from '@custody/data';
import { jest } from '@jest/globals';
import { RunningApi } from '../files-api.fixture.js';

// An answer has whatever shape the assertion on it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Data = any;

describe('GraphQL over many files', () => {
  let running: RunningApi;
  let token: string;

  beforeAll(async () => {
    running = await RunningApi.start();
    token = await running.token({ tenant: randomUUID(), user: randomUUID() });
    const { data } = await ask('mutation { createFolder(input: { name: "cases" }) { folderId } }');
    const folderId = data.createFolder.folderId as string;
    const presign = `mutation ($name: String!) {
      presignUpload(input: { filename: $name, mimeType: "image/png", bucket: assets, size: 10 }) { fileId }
    }`;
    for (let n = 0; n < 50; n += 1) {
      const { data: made } = await ask(presign, { name: `${n}.png` });
      await ask(
        'mutation ($id: ID!, $folderId: ID) { updateFile(fileId: $id, changes: { folderId: $folderId }) { id } }',
        {
          id: made.presignUpload.fileId,
          folderId,
        },
      );
    }
  }, 60_000);
  afterAll(() => running.stop());

  async function ask(query: string, variables: Record<string, unknown> = {}) {
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data: Data; errors?: unknown[] };
    expect(answer.errors).toBeUndefined();
    return answer;
  }

  /** The steps a query takes: there is no other way to PostgreSQL than `call`, and one call is one statement. */
  async function stepsOf(query: string, variables: Record<string, unknown>): Promise<{ steps: number; data: Data }> {
    const call = jest.spyOn(TenantDatabase.prototype, 'call');
    try {
      const { data } = await ask(query, variables);
      return { steps: call.mock.calls.length, data };
    } finally {
      call.mockRestore();
    }
  }

  it('M42 asks PostgreSQL as often for 50 files as for one', async () => {
    const query = `query ($first: Int!) {
      files(first: $first) {
        edges { cursor node {
          id filename size subjects { type id }
          folder { path parent { path } }
          versions(first: 2) { edges { node { id size } } pageInfo { hasNextPage } }
          downloadUrl { url }
          thumbnailUrl(size: 128) { url }
          small: thumbnailUrl(size: 128) { url }
        } }
      }
    }`;
    const one = await stepsOf(query, { first: 1 });
    const fifty = await stepsOf(query, { first: 50 });
    expect(one.data.files.edges).toHaveLength(1);
    expect(fifty.data.files.edges).toHaveLength(50);
    for (const { node } of fifty.data.files.edges) {
      expect(node).toMatchObject({ size: '10', folder: { path: '/cases', parent: null }, downloadUrl: null });
      expect(node.versions.edges).toHaveLength(1);
    }
    // The page, the folders, the versions, the download URLs and the thumbnails.
    expect([one.steps, fifty.steps]).toEqual([5, 5]);
  });
});
