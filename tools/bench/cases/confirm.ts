import { randomUUID } from 'node:crypto';
import type { Bench } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';
import { load, wire } from '../http-load.ts';
import { upload } from '../transfer.ts';

const BYTES = Buffer.from(`%PDF-1.4\n${'x'.repeat(991)}`);

export interface Uploaded {
  readonly fileId: string;
  readonly versionId: string;
  readonly token: string;
}

/** Presigned uploads of a new tenant whose bytes lie in the store, confirmed by nobody yet. */
export async function uploadAll(
  bench: Bench,
  bodies: readonly Buffer[],
  mimeType = 'application/pdf',
): Promise<Uploaded[]> {
  const { port } = await bench.api();
  const token = await bench.token(randomUUID());
  const uploads: Uploaded[] = [];
  const left = [...bodies];
  const work = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/files/presign`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ filename: 'lease.pdf', mimeType, bucket: 'documents', size: body.length }),
      });
      const made = (await answer.json()) as Uploaded & { uploadUrl: string; headers: Record<string, string> };
      await upload(made.uploadUrl, 'PUT', made.headers, [body]);
      uploads.push({ fileId: made.fileId, versionId: made.versionId, token });
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return uploads;
}

const list = (requests: Buffer[]) => () => requests.pop() ?? null;

export const confirm: BenchCase = {
  name: 'confirm',
  ceiling: 'bare Fastify, RS256, HEAD and first-bytes GET of the same object, one statement',
  async prepare(bench) {
    const [api, ceilings] = await Promise.all([bench.api(), bench.ceilings()]);
    const count = bench.quick ? 64 : 800;
    const fresh = () =>
      uploadAll(
        bench,
        Array.from({ length: count }, () => BYTES),
      );
    const confirmed = async () => {
      const uploads = await fresh();
      const requests = uploads.map(({ fileId, token }) => wire('POST', `/v1/files/presign/${fileId}/confirm`, token));
      return load({ port: api.port, connections: 16, next: list(requests) });
    };
    const ceiling = async () => {
      const uploads = await fresh();
      const requests = uploads.map(({ fileId, versionId, token }) =>
        wire('POST', `/v1/files/presign/${fileId}/confirm?version=${versionId}`, token),
      );
      return load({ port: ceilings.port, connections: 16, next: list(requests) });
    };
    return {
      lines: [{ title: 'confirm', metric: 'rate', unit: 'requests/s', compared: 'ratio', target: { atLeast: 0.7 } }],
      figure: confirmed,
      ceiling,
    };
  },
};
