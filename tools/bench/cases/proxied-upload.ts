import { randomBytes, randomUUID } from 'node:crypto';
import type { BenchCase } from '../bench-case.ts';
import { upload } from '../transfer.ts';

const MIB = 1024 ** 2;

export const proxiedUpload: BenchCase = {
  name: 'proxied-upload',
  ceiling: 'PUT of the same bytes to S3 by a presigned URL',
  async prepare(bench) {
    const { port } = await bench.api();
    const token = await bench.token(randomUUID());
    const bytes = randomBytes((bench.quick ? 4 : 64) * MIB);
    const boundary = randomUUID();
    const field = `--${boundary}\r\ncontent-disposition: form-data; name="bucket"\r\n\r\ndocuments\r\n`;
    const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`;
    const form = [Buffer.from(field + part), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)];
    const headers = { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` };
    const staging = bench.need('S3_STAGING_BUCKET');
    return {
      lines: [{ title: 'proxied upload', metric: 'rate', unit: 'MB/s', compared: 'ratio', target: { atLeast: 0.7 } }],
      figure: async () => ({ rate: await upload(`http://127.0.0.1:${port}/v1/files/upload`, 'POST', headers, form) }),
      async ceiling() {
        const begin = performance.now();
        await bench.store({ method: 'PUT', path: `/${staging}/bench/${randomUUID()}`, body: bytes });
        return { rate: bytes.length / 1e6 / ((performance.now() - begin) / 1000) };
      },
    };
  },
};
