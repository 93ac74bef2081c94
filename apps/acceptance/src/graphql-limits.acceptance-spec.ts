import type { Answer, Client } from './harness/client.js';
import { ask, askFor } from './harness/graphql.js';
import { System } from './harness/system.js';

describe('limits of GraphQL', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'graphql-limits', apps: ['files-api'] });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${system.apiUrl}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.caller.token}`, 'content-type': 'application/json', ...headers },
      body,
    });
  const expectRefused = ({ status, body }: Answer, code: string) => {
    expect([status, body.errors?.length > 0]).toEqual([400, true]);
    for (const { extensions } of body.errors) expect(extensions).toMatchObject({ code, status: 400 });
    expect(body).not.toHaveProperty('data');
  };
  const nested = (levels: number) => `{ folder(id: "a") ${'{ parent '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;

  it('S33 refuses what is nested too deep, in fields, in fragments and in lists', async () => {
    expect((await ask(client, nested(10))).status).toBe(200);
    expectRefused(await ask(client, nested(11)), 'QUERY_TOO_DEEP');
    const chain = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Folder { parent { ...F${n + 1} } }`).join(
      ' ',
    );
    expectRefused(
      await ask(client, `{ folder(id: "a") { ...F0 } } ${chain} fragment F30 on Folder { id }`),
      'QUERY_TOO_DEEP',
    );
    const cycle = '{ folder(id: "a") { ...A } } fragment A on Folder { parent { ...B } } fragment B on Folder { ...A }';
    expectRefused(await ask(client, cycle), 'validation-error');
    const literal = `{ files(filter: { metadata: { a: ${'['.repeat(400)}${']'.repeat(400)} } }) { edges { cursor } } }`;
    const answer = await ask(client, literal);
    expect([answer.status, answer.body.errors[0].extensions.code]).toEqual([200, 'validation-error']);
  });

  it('S33 refuses what would cost too much before any of it is executed', async () => {
    const pages =
      'query ($n: Int = 200) { files(first: 200) { edges { node { versions(first: $n) { edges { node { id } } } } } } }';
    expectRefused(await ask(client, pages), 'QUERY_TOO_COMPLEX');
    expectRefused(await ask(client, pages, { n: 100 }), 'QUERY_TOO_COMPLEX');
    expect(await askFor(client, pages, { n: 5 })).toEqual({ files: { edges: [] } });
    // Each fragment doubles the one before: 2^30 fields in 200 tokens.
    const bomb = Array.from({ length: 30 }, (_, n) => `fragment F${n} on File { ...F${n + 1} ...F${n + 1} }`).join(' ');
    const started = performance.now();
    expectRefused(
      await ask(client, `{ files { edges { node { ...F0 } } } } ${bomb} fragment F30 on File { id }`),
      'QUERY_TOO_COMPLEX',
    );
    expect(performance.now() - started).toBeLessThan(2_000);
    const mutation = `mutation { ${Array.from({ length: 31 }, (_, n) => `a${n}: createFolder(input: { name: "n${n}" }) { id }`).join(' ')} }`;
    expectRefused(await ask(client, mutation), 'QUERY_TOO_COMPLEX');
    expect(await askFor(client, '{ folders { edges { cursor } } }')).toEqual({ folders: { edges: [] } });
  });

  it('S33 bounds aliases, root fields, tokens and introspection', async () => {
    const aliases = (count: number) =>
      `{ files { edges { node { ${Array.from({ length: count }, (_, n) => `a${n}: id`).join(' ')} } } } }`;
    expect((await ask(client, aliases(30))).status).toBe(200);
    expectRefused(await ask(client, aliases(31)), 'QUERY_TOO_COMPLEX');
    const roots = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `a${n}: fileTypes { id }`).join(' ')} }`;
    expect((await ask(client, roots(20))).status).toBe(200);
    expectRefused(await ask(client, roots(21)), 'QUERY_TOO_COMPLEX');
    expectRefused(await ask(client, `{ files { edges { ${'cursor '.repeat(101)} } } }`), 'QUERY_TOO_COMPLEX');
    const spread = Array.from(
      { length: 70 },
      (_, n) => `fragment F${n} on Query { ...F${(n + 1) % 70} ...F${(n + 7) % 70} }`,
    );
    expectRefused(await ask(client, `{ ...F0 } ${spread.join(' ')}`), 'QUERY_TOO_COMPLEX');
    expectRefused(await ask(client, `{ ${'__typename '.repeat(21)} }`), 'QUERY_TOO_COMPLEX');
    expectRefused(await ask(client, `{ ${'fileTypes { id } '.repeat(251)} }`), 'QUERY_TOO_LONG');
    expectRefused(await ask(client, `{ __typename ${'@skip(if: true) '.repeat(500)} }`), 'QUERY_TOO_LONG');
    const again = 'fields { type { '.repeat(3);
    expectRefused(
      await ask(client, `{ __schema { types { ${again} name ${'} } '.repeat(3)} } } }`),
      'validation-error',
    );
  });

  it('S33 takes one operation a request, as JSON, by POST', async () => {
    const query = JSON.stringify({ query: '{ __typename }' });
    const problems: [Promise<Response>, number, string][] = [
      [post(`[${query},${query}]`), 400, 'validation-error'],
      [post('[]'), 400, 'validation-error'],
      [post('{"query":'), 400, 'validation-error'],
      [post('{"query":1}'), 400, 'validation-error'],
      [post('{"query":""}'), 400, 'validation-error'],
      [post('{"query":"{ __typename }","variables":[1]}'), 400, 'validation-error'],
      [post(`{"query":"{ __typename }","variables":{"a":"${'x'.repeat(70_000)}"}}`), 413, 'PAYLOAD_TOO_LARGE'],
      [
        post('query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      [post(query, { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE'],
      [fetch(`${system.apiUrl}/graphql?query=%7B__typename%7D`), 405, 'METHOD_NOT_ALLOWED'],
      [fetch(`${system.apiUrl}/graphiql`), 404, 'ROUTE_NOT_FOUND'],
    ];
    for (const [sent, status, code] of problems) {
      const response = await sent;
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    }
  });

  it('S33 refuses documents that are none, trees in JSON, foreign operations and variables of another type', async () => {
    const several = 'query A { __typename } query B { fileTypes { id } }';
    const tree = JSON.stringify({ kind: 'Document', definitions: [] });
    for (const [query, rest] of [
      ['{', {}],
      ['hello', {}],
      [tree, {}],
      ['"text"', {}],
      ['{ nothing }', {}],
      ['subscription { files }', {}],
      [several, {}],
      [several, { operationName: 'C' }],
      ['query ($n: Int!) { files(first: $n) { edges { cursor } } }', {}],
      ['query ($n: Int!) { files(first: $n) { edges { cursor } } }', { variables: { n: '1' } }],
      ['query ($f: FileFilter) { files(filter: $f) { edges { cursor } } }', { variables: { f: { tenantId: 'x' } } }],
      [
        'mutation ($i: PresignUploadInput!) { presignUpload(input: $i) { fileId } }',
        { variables: { i: { size: 2 ** 53 } } },
      ],
    ] as [string, object][]) {
      expectRefused(await client.call('POST', '/graphql', { query, ...rest }), 'validation-error');
    }
    const one = await client.call('POST', '/graphql', { query: several, operationName: 'A' });
    const other = await client.call('POST', '/graphql', { query: several, operationName: 'B' });
    expect([one.body.data, Object.keys(other.body.data as object)]).toEqual([{ __typename: 'Query' }, ['fileTypes']]);
    const typed = await client.call(
      'POST',
      '/graphql',
      { query: '{ __typename }' },
      { accept: 'application/graphql-response+json' },
    );
    expect(typed.headers.get('content-type')).toMatch(/^application\/graphql-response\+json/);
  });
});
