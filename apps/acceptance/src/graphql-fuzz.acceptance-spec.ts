import fc from 'fast-check';
import type { Client } from './harness/client.js';
import { askFor, committedSchema } from './harness/graphql.js';
import { documents, type Posted } from './harness/graphql-documents.js';
import { System } from './harness/system.js';

const CANARY = 'canary-of-another-tenant';
const OWN = 'canary-of-this-tenant';
const AT_ONCE = 16;
const ROUNDS = 190;

describe('GraphQL documents of every kind', () => {
  let system: System;
  let client: Client;
  let ids: string[];
  let own = 0;

  beforeAll(async () => {
    system = await System.start({
      label: 'graphql-fuzz',
      apps: ['files-api'],
      env: { FILES_STAGING_MAX_PER_TENANT: '100000' },
    });
    client = await system.client();
    const other = await plant(await system.client(), CANARY);
    ids = [...other, ...(await plant(client, 'changed'))];
    // Nobody is told its ids: it lasts.
    await plant(client, OWN);
  }, 120_000);
  afterAll(() => system.stop());

  /** A file in a folder and in a group, under names that would be noticed; the ids of all. */
  async function plant(as: Client, name: string): Promise<string[]> {
    const { createFolder, createAccessGroup } = await askFor(
      as,
      'mutation ($name: String!) { createFolder(input: { name: $name }) { id } createAccessGroup(input: { name: $name }) { id } }',
      { name },
    );
    const { presignUpload } = await askFor(
      as,
      'mutation ($input: PresignUploadInput!, $subject: SubjectInput) { presignUpload(input: $input, subject: $subject) { fileId versionId } }',
      {
        input: { filename: `${name}.txt`, mimeType: 'text/plain', bucket: 'documents', size: 5, metadata: { name } },
        subject: { type: 'case', id: name },
      },
    );
    await askFor(
      as,
      'mutation ($id: ID!, $folder: ID) { updateFile(fileId: $id, changes: { folderId: $folder }) { id } }',
      {
        id: presignUpload.fileId,
        folder: createFolder.id,
      },
    );
    return [presignUpload.fileId, presignUpload.versionId, createFolder.id, createAccessGroup.id, as.caller.userId];
  }

  async function post(posted: Posted): Promise<void> {
    const response = await fetch(`${system.apiUrl}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.caller.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(posted),
    });
    const text = await response.text();
    const seen = `${response.status} ${text.slice(0, 2_000)} to ${JSON.stringify(posted)}`;
    if (![200, 400, 413].includes(response.status)) throw new Error(seen);
    if (text.includes(CANARY)) throw new Error(`a row of another tenant: ${seen}`);
    if (text.includes(OWN)) own += 1;
    const { errors = [], data } = JSON.parse(text) as {
      data?: object;
      errors?: { extensions?: { status: number; code: string } }[];
    };
    if (data === undefined && errors.length === 0 && !text.includes('"code"'))
      throw new Error(`neither data nor errors: ${seen}`);
    const broken = errors.find(({ extensions }) => extensions !== undefined && extensions.status >= 500);
    if (broken) throw new Error(`broken: ${seen}`);
  }

  it(`S33 S30 answers ${AT_ONCE * ROUNDS} of them in JSON, without a failure and without a row of another tenant`, async () => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`graphql-fuzz: seed ${seed}\n`);
    const pid = system.running('files-api').pid;
    await fc.assert(
      fc.asyncProperty(
        fc.array(documents(committedSchema(), ids, seed), { minLength: AT_ONCE, maxLength: AT_ONCE }),
        async (batch) => {
          await Promise.all(batch.map(post));
        },
      ),
      { seed, numRuns: ROUNDS, endOnFailure: true },
    );
    // The generator asks for what would give a foreign row away: it often finds the tenant's own.
    expect(own).toBeGreaterThan(20);
    expect(system.running('files-api').pid).toBe(pid);
    expect((await client.call('GET', '/health/ready')).status).toBe(200);
  }, 120_000);
});
