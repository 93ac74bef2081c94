import { randomUUID } from 'node:crypto';
import {
  buildClientSchema,
  getIntrospectionQuery,
  introspectionFromSchema,
  lexicographicSortSchema,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { ALL_SCOPES, type Client } from './harness/client.js';
import {
  ask,
  askFor,
  callOf,
  committedSchema,
  holdsId,
  rootFields,
  type Ids,
  type RootField,
} from './harness/graphql.js';
import { System } from './harness/system.js';

describe('access through GraphQL', () => {
  let system: System;
  let owner: Client;
  let ids: Ids;
  const schema = committedSchema();
  const fields = rootFields(schema);

  beforeAll(async () => {
    system = await System.start({ label: 'graphql-access', apps: ['files-api'] });
    owner = await system.client();
    const made = await askFor(
      owner,
      `mutation ($upload: PresignUploadInput!) {
        createFolder(input: { name: "canary" }) { folderId }
        createAccessGroup(input: { name: "canary" }) { id }
        registerWebhook(input: { url: "https://93.184.215.14/", events: ["file.available"] }) { id secret }
        presignUpload(input: $upload) { fileId versionId }
      }`,
      { upload: { filename: 'canary.txt', mimeType: 'text/plain', bucket: 'documents', size: 10 } },
    );
    const { fileId, versionId } = made.presignUpload;
    const { folderId } = made.createFolder;
    const groupId = made.createAccessGroup.id;
    const webhookId = made.registerWebhook.id;
    const { testWebhook } = await askFor(owner, 'mutation ($id: ID!) { testWebhook(webhookId: $id) { id } }', {
      id: webhookId,
    });
    ids = {
      ...{ fileId, versionId, folderId, groupId, userId: owner.caller.userId, webhookId, deliveryId: testWebhook.id },
      ...{ parentId: folderId, folder: folderId, accessGroupId: groupId, id: fileId },
    };
  }, 120_000);
  afterAll(() => system.stop());

  const absent = (): Ids => Object.fromEntries(Object.keys(ids).map((name) => [name, randomUUID()]));
  const call = (client: Client, field: RootField, given: Ids) => {
    const { query, variables } = callOf(field, given);
    return ask(client, query, variables as Record<string, unknown>);
  };
  /** What an answer says, without what no two answers share. */
  const comparable = ({
    status,
    body,
  }: {
    status: number;
    body: { data?: unknown; errors?: { extensions: object }[] };
  }) => ({
    status,
    data: body.data,
    errors: body.errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: '' } })),
  });

  it('M42 serves the schema that is committed', async () => {
    const { body } = await ask(owner, getIntrospectionQuery());
    const text = (one: GraphQLSchema) => printSchema(lexicographicSortSchema(one));
    expect(text(buildClientSchema(body.data))).toBe(text(buildClientSchema(introspectionFromSchema(schema))));
  });

  it('S30 every query and mutation names its scope, and none takes a tenant', () => {
    expect(fields.length).toBeGreaterThanOrEqual(30);
    for (const { name, scope } of fields)
      expect([name, ALL_SCOPES.split(' ').includes(scope ?? '')]).toEqual([name, true]);
    expect(printSchema(schema)).not.toMatch(/tenant\w*:/i);
  });

  it('S30 answers 401 with a challenge without a token, introspection included', async () => {
    for (const query of [getIntrospectionQuery(), ...fields.map((field) => callOf(field, ids).query)]) {
      const response = await fetch(`${system.apiUrl}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect([query, response.status]).toEqual([query, 401]);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(((await response.json()) as { code: string }).code).toBe('UNAUTHENTICATED');
    }
  });

  it('S30 refuses each field without its scope, whatever other scopes there are, and takes it with that scope alone', async () => {
    for (const field of fields) {
      const others = ALL_SCOPES.split(' ').filter((scope) => scope !== field.scope);
      const refused = await call(await system.client(owner.caller.tenantId, others.join(' ')), field, ids);
      expect([field.name, refused.body.errors?.[0].extensions.code]).toEqual([field.name, 'INSUFFICIENT_SCOPE']);
      expect(refused).toMatchObject({ status: 200, body: { data: { [field.name]: null } } });
      const taken = await call(await system.client(undefined, field.scope), field, absent());
      const code = taken.body.errors?.[0].extensions.code as string | undefined;
      expect([field.name, ['INSUFFICIENT_SCOPE', 'UNAUTHENTICATED', 'INTERNAL_ERROR'].includes(code ?? '')]).toEqual([
        field.name,
        false,
      ]);
    }
  });

  it('S30 M34 answers for what is another tenant’s exactly as for what does not exist', async () => {
    const withId = fields.filter(({ args }) => args.some(({ type }) => holdsId(type)));
    expect(withId.length).toBeGreaterThanOrEqual(20);
    for (const field of withId) {
      const foreign = comparable(await call(await system.client(), field, ids));
      expect([field.name, foreign]).toEqual([
        field.name,
        comparable(await call(await system.client(), field, absent())),
      ]);
      expect([field.name, foreign.errors?.[0]?.extensions ?? { status: 404 }]).toMatchObject([
        field.name,
        { status: 404 },
      ]);
    }
    const { file } = await askFor(
      owner,
      'query ($id: ID!) { file(id: $id) { filename folder { id } subjects { id } } }',
      {
        id: ids['fileId'],
      },
    );
    expect(file).toEqual({ filename: 'canary.txt', folder: null, subjects: [] });
  });

  it('S30 M35 answers for a file of a group the caller is not in exactly as for an absent one', async () => {
    await askFor(
      owner,
      'mutation ($id: ID!, $group: ID) { updateFile(fileId: $id, changes: { accessGroupId: $group }) { id } }',
      {
        id: ids['fileId'],
        group: ids['groupId'],
      },
    );
    const colleague = await system.client(owner.caller.tenantId, 'files:read files:write files:export');
    const ofFiles = fields.filter(
      ({ scope, args }) => scope !== 'files:admin' && args.some(({ name }) => name === 'fileId'),
    );
    for (const field of [...ofFiles, ...fields.filter(({ name }) => name === 'file')]) {
      const { body } = await call(colleague, field, ids);
      expect([field.name, body.errors?.[0].extensions.code]).toEqual([field.name, 'FILE_NOT_FOUND']);
    }
    const lists = await askFor(colleague, '{ files { edges { node { id } } } folders { edges { node { name } } } }');
    expect(lists).toEqual({ files: { edges: [] }, folders: { edges: [{ node: { name: 'canary' } }] } });
  });

  it('S31 ignores a tenant named anywhere but in the token', async () => {
    const stranger = await system.client();
    const tenant = owner.caller.tenantId;
    const answer = await stranger.call(
      'POST',
      `/graphql?tenantId=${tenant}`,
      { query: '{ files { edges { node { id } } } }', variables: { tenantId: tenant }, tenantId: tenant },
      { 'x-tenant-id': tenant },
    );
    expect(answer.body).toEqual({ data: { files: { edges: [] } } });
  });

  it('M33 S30 asks for a scope at each field that hands out more than its parent', async () => {
    const reader = await system.client(owner.caller.tenantId, 'files:read files:admin');
    const { body } = await ask(
      reader,
      '{ files { edges { node { filename downloadUrl { url } thumbnailUrl { url } } } } }',
    );
    expect(body.data.files.edges[0].node).toEqual({ filename: 'canary.txt', downloadUrl: null, thumbnailUrl: null });
    expect(
      body.errors.map((error: { path: unknown[]; extensions: { code: string } }) => [
        error.path.at(-1),
        error.extensions.code,
      ]),
    ).toEqual([
      ['downloadUrl', 'INSUFFICIENT_SCOPE'],
      ['thumbnailUrl', 'INSUFFICIENT_SCOPE'],
    ]);
    const writer = await system.client(owner.caller.tenantId, 'files:write files:admin');
    const change =
      'mutation ($id: ID!) { updateFile(fileId: $id, changes: {}) { filename folder { id } versions { edges { cursor } } } }';
    const changed = await ask(writer, change, { id: ids['fileId'] });
    expect(changed.body).toMatchObject({
      data: { updateFile: { filename: 'canary.txt', folder: null, versions: null } },
    });
    expect(changed.body.errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toEqual([
      'INSUFFICIENT_SCOPE',
      'INSUFFICIENT_SCOPE',
    ]);
  });
});
