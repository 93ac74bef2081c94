import type { Bench } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';
import { load, wire } from '../http-load.ts';
import { makeCeilingFunctions, seedFiles, SMALL_TENANT } from '../seed.ts';

const FILES = 10_000;
const ASKED = 500;

/** Ids of files to ask for, and a token of their tenant. */
export async function smallTenant(bench: Bench): Promise<{ token: string; ids: string[] }> {
  await makeCeilingFunctions(bench);
  await seedFiles(bench, SMALL_TENANT, FILES);
  const text = 'SELECT id FROM files WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2';
  const { rows } = await bench.admin.query<{ id: string }>(text, [SMALL_TENANT, ASKED]);
  return { token: await bench.token(SMALL_TENANT), ids: rows.map(({ id }) => id) };
}

/** In turns, for ever. */
export function inTurns(requests: readonly Buffer[]): () => Buffer | null {
  let turn = 0;
  return () => requests[(turn += 1) % requests.length] ?? null;
}

export const readRest: BenchCase = {
  name: 'read',
  ceiling: 'bare Fastify, RS256, one SELECT under row-level security',
  async prepare(bench) {
    const [api, ceilings] = await Promise.all([bench.api(), bench.ceilings()]);
    const { token, ids } = await smallTenant(bench);
    const next = inTurns(ids.map((id) => wire('GET', `/v1/files/${id}`, token)));
    const measure = (port: number, forMs = bench.measureMs) => load({ port, connections: 16, next, forMs });
    for (const { port } of [api, ceilings]) await measure(port, 1_000);
    return {
      lines: [
        { title: 'one file, REST', metric: 'rate', unit: 'requests/s', compared: 'ratio', target: { atLeast: 0.7 } },
      ],
      figure: () => measure(api.port),
      ceiling: () => measure(ceilings.port),
    };
  },
};

const QUERY = `query($id: ID!) { file(id: $id) { fileId filename bucket mimeType size status stage createdAt updatedAt metadata } }`;

export const readGraphql: BenchCase = {
  name: 'graphql',
  ceiling: 'the same file through REST',
  async prepare(bench) {
    const api = await bench.api();
    const { token, ids } = await smallTenant(bench);
    const graphql = inTurns(ids.map((id) => wire('POST', '/graphql', token, { query: QUERY, variables: { id } })));
    const rest = inTurns(ids.map((id) => wire('GET', `/v1/files/${id}`, token)));
    const measure = (next: () => Buffer | null, forMs = bench.measureMs) =>
      load({ port: api.port, connections: 16, next, forMs });
    for (const next of [graphql, rest]) await measure(next, 1_000);
    return {
      lines: [
        { title: 'one file, GraphQL', metric: 'rate', unit: 'requests/s', compared: 'ratio', target: { atLeast: 0.5 } },
      ],
      figure: () => measure(graphql),
      ceiling: () => measure(rest),
    };
  },
};

export const downloadUrl: BenchCase = {
  name: 'download-url',
  ceiling: 'bare Fastify, RS256, one SELECT and one audit INSERT under row-level security, one HMAC signature',
  async prepare(bench) {
    const [api, ceilings] = await Promise.all([bench.api(), bench.ceilings()]);
    const { token, ids } = await smallTenant(bench);
    const next = inTurns(ids.map((id) => wire('POST', `/v1/files/${id}/download-url`, token, {})));
    const measure = (port: number, forMs = bench.measureMs) => load({ port, connections: 16, next, forMs });
    for (const { port } of [api, ceilings]) await measure(port, 1_000);
    return {
      lines: [
        { title: 'download URL', metric: 'rate', unit: 'requests/s', compared: 'ratio', target: { atLeast: 0.7 } },
      ],
      figure: () => measure(api.port),
      ceiling: () => measure(ceilings.port),
    };
  },
};
