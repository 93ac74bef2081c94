import { randomUUID } from 'node:crypto';
import type { BenchCase } from '../bench-case.ts';
import { load, wire } from '../http-load.ts';

const TENANTS = 200;
const UPLOAD = { filename: 'lease.pdf', mimeType: 'application/pdf', bucket: 'documents', size: 10_000 };

export const presign: BenchCase = {
  name: 'presign',
  ceiling: 'bare Fastify, RS256, one raw `pg` call of the same writes under row-level security',
  async prepare(bench) {
    const [api, ceilings] = await Promise.all([bench.api(), bench.ceilings()]);
    const tokens = await Promise.all(Array.from({ length: TENANTS }, () => bench.token(randomUUID())));
    const requests = tokens.map((token) => wire('POST', '/v1/files/presign', token, UPLOAD));
    let turn = 0;
    const next = () => requests[(turn += 1) % TENANTS] ?? null;
    const measure = (port: number, forMs = bench.measureMs) => load({ port, connections: 16, next, forMs });
    for (const { port } of [api, ceilings]) await measure(port, 1_000);
    return {
      lines: [
        {
          title: 'presign, 200 tenants',
          metric: 'rate',
          unit: 'requests/s',
          compared: 'ratio',
          target: { atLeast: 0.8 },
        },
        { title: 'presign, p99', metric: 'p99', unit: 'ms', compared: 'ratio', target: { atMost: 2 } },
      ],
      figure: () => measure(api.port),
      ceiling: () => measure(ceilings.port),
    };
  },
};
