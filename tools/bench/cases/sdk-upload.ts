import { randomBytes, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Bench } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';

const MiB = 1024 ** 2;
const PART = 16 * MiB;
const LANES = 4;

interface Sdk {
  readonly createCustody: (options: object) => {
    readonly files: { upload(source: string, options: object): PromiseLike<unknown> };
  };
}

/** One file from disk into staging, in parts of 16 MiB, four at a time, from the first call to the last. */
export const sdkUpload: BenchCase = {
  name: 'sdk-upload',
  ceiling: 'CreateMultipartUpload, UploadPart and CompleteMultipartUpload of the AWS SDK: same bytes, parts and lanes',
  async prepare(bench) {
    const size = (bench.quick ? 32 : 256) * MiB;
    const file = path.join(import.meta.dirname, `../../../node_modules/.cache/bench-${process.pid}.bin`);
    await writeRandom(file, size);
    const { port } = await bench.api();
    const token = await bench.token(randomUUID());
    const built = new URL('../../../libs/sdk/dist/index.js', import.meta.url);
    const { createCustody } = (await import(built.href)) as Sdk;
    const { files } = createCustody({ url: `http://127.0.0.1:${port}`, token });
    const options = { mimeType: 'application/octet-stream', lanes: LANES, resume: false };
    return {
      lines: [
        { title: 'upload by the SDK', metric: 'rate', unit: 'MB/s', compared: 'ratio', target: { atLeast: 0.9 } },
      ],
      figure: () => timed(size, () => files.upload(file, options)),
      ceiling: () => timed(size, () => bareUpload(bench, file, size)),
      close: () => rm(file),
    };
  },
};

async function timed(size: number, work: () => PromiseLike<unknown>) {
  const started = performance.now();
  await work();
  return { rate: size / 1e6 / ((performance.now() - started) / 1000) };
}

async function writeRandom(file: string, size: number): Promise<void> {
  const handle = await open(file, 'w');
  for (let left = size; left > 0; left -= PART) await handle.write(randomBytes(Math.min(left, PART)));
  await handle.close();
}

async function bareUpload(bench: Bench, file: string, size: number): Promise<void> {
  const s3 = new S3Client({
    endpoint: bench.need('S3_ENDPOINT'),
    region: bench.need('S3_REGION'),
    credentials: { accessKeyId: bench.need('S3_ACCESS_KEY_ID'), secretAccessKey: bench.need('S3_SECRET_ACCESS_KEY') },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const where = { Bucket: bench.need('S3_STAGING_BUCKET'), Key: `bench/${randomUUID()}` };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(where));
  const handle = await open(file);
  try {
    const numbers = Array.from({ length: Math.ceil(size / PART) }, (_, index) => index + 1);
    const waiting = numbers.values();
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    const lane = async () => {
      for (const PartNumber of waiting) {
        const at = (PartNumber - 1) * PART;
        const Body = Buffer.allocUnsafe(Math.min(PART, size - at));
        await handle.read(Body, 0, Body.length, at);
        const { ETag } = await s3.send(new UploadPartCommand({ ...where, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    Parts.sort((a, b) => a.PartNumber - b.PartNumber);
    await s3.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }));
    await s3.send(new DeleteObjectCommand(where));
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ ...where, UploadId }));
    throw error;
  } finally {
    await handle.close();
    s3.destroy();
  }
}
