import type { Bench } from '../bench.ts';
import type { BenchCase, Line } from '../bench-case.ts';
import { load, wire } from '../http-load.ts';
import { LARGE_TENANT, makeCeilingFunctions, seedFiles, SMALL_TENANT } from '../seed.ts';

const rowsOf = (bench: Bench) => (bench.quick ? 20_000 : 1_000_000);

export const listUrls: BenchCase = {
  name: 'list',
  ceiling: 'bare Fastify, RS256, the same SELECT with its audit rows, 50 HMAC signatures',
  async prepare(bench) {
    const [api, ceilings] = await Promise.all([bench.api(), bench.ceilings()]);
    await makeCeilingFunctions(bench);
    await seedFiles(bench, LARGE_TENANT, rowsOf(bench));
    const request = wire('GET', '/v1/files?limit=50&urls=true', await bench.token(LARGE_TENANT));
    const measure = (port: number, forMs = bench.measureMs) =>
      load({ port, connections: 16, next: () => request, forMs });
    for (const { port } of [api, ceilings]) await measure(port, 1_000);
    const title = `list 50 with URLs, ${rowsOf(bench).toLocaleString('en')} rows`;
    return {
      lines: [{ title, metric: 'rate', unit: 'requests/s', compared: 'ratio', target: { atLeast: 0.6 } }],
      figure: () => measure(api.port),
      ceiling: () => measure(ceilings.port),
    };
  },
};

/** One of each kind; the values are those of `seedFiles`. */
const FILTERS: Readonly<Record<string, string>> = {
  none: '',
  bucket: 'bucket=documents',
  name: 'name=report-12',
  filename: 'filename=report-77.pdf',
  status: 'status=available',
  mimeType: 'mimeType=application/pdf',
  folder: 'folder=root',
  updatedAt: 'sort=updatedAt&order=asc',
  metadata: `metadata=${encodeURIComponent('{"case":"C-77"}')}`,
  externalId: 'externalId=X-77',
  created: `createdFrom=${encodeURIComponent(new Date(Date.now() - 86_400_000).toISOString())}`,
};
const REQUESTS = 150;

export const listFilters: BenchCase = {
  name: 'list-filters',
  ceiling: 'the same list of a tenant of 10,000 rows',
  repeat: 3,
  async prepare(bench) {
    const api = await bench.api();
    await seedFiles(bench, SMALL_TENANT, 10_000);
    await seedFiles(bench, LARGE_TENANT, rowsOf(bench));
    const measure = async (tenant: string) => {
      const token = await bench.token(tenant);
      const times: Record<string, number> = {};
      for (const [filter, query] of Object.entries(FILTERS)) {
        const request = wire('GET', `/v1/files?limit=50&${query}`, token);
        const some = (count: number) => () => (count-- > 0 ? request : null);
        // The page as a person waits for it: one at a time. The first ones find the cache cold.
        await load({ port: api.port, connections: 1, next: some(10) });
        times[filter] = (await load({ port: api.port, connections: 1, next: some(bench.quick ? 20 : REQUESTS) })).p95;
      }
      return times;
    };
    const lines = Object.keys(FILTERS).map((filter): Line => ({
      title: `list p95, filter ${filter}: ${rowsOf(bench).toLocaleString('en')} rows against 10,000`,
      metric: filter,
      unit: 'ms',
      compared: 'ratio',
      target: { atMost: 1.3 },
    }));
    return { lines, figure: () => measure(LARGE_TENANT), ceiling: () => measure(SMALL_TENANT) };
  },
};
