import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';

/** Where and how to store; `IfNoneMatch` is judged when the object comes into being. */
export interface StreamTarget extends Pick<
  PutObjectCommandInput,
  'ContentType' | 'ContentDisposition' | 'IfNoneMatch'
> {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Sends a stream of unknown length: one PUT while it fits into one part, else multipart. Parts are filled into buffers that
 * are used again: fresh ones outlive young collections and pile up by tens of megabytes (measured with one file of 300 MB).
 * Resolves to the store's version id. After a failure no part is on its way, but those sent are still there.
 */
export async function sendStream(s3: S3Context, target: StreamTarget, body: Readable, signal?: AbortSignal) {
  const start: Buffer[] = [];
  let length = 0;
  let parts: PartSender | null = null;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (parts === null && length + chunk.length <= s3.limits.uploadPartBytes) {
        start.push(chunk);
        length += chunk.length;
        continue;
      }
      parts ??= await PartSender.begin(s3, target, start.splice(0), signal);
      await parts.write(chunk);
    }
    if (parts !== null) return await parts.complete();
    const put = new PutObjectCommand({ ...target, ...s3.sse, Body: Buffer.concat(start) });
    return (await s3.io.send(put, abortable(signal))).VersionId;
  } catch (error) {
    await parts?.settle();
    throw error;
  }
}

/** One multipart upload: at most `uploadConcurrency` parts on their way and one being filled. */
class PartSender {
  private readonly completed: CompletedPart[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly free: Buffer[] = [];
  private failure: { readonly error: unknown } | null = null;
  private current: Buffer;
  private filled = 0;

  private constructor(
    private readonly s3: S3Context,
    private readonly target: StreamTarget,
    private readonly uploadId: string | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.current = this.buffer();
  }

  static async begin(s3: S3Context, target: StreamTarget, start: readonly Buffer[], signal?: AbortSignal) {
    const { IfNoneMatch: _, ...params } = target;
    const create = new CreateMultipartUploadCommand({ ...params, ...s3.sse });
    const { UploadId } = await s3.io.send(create, abortable(signal));
    const sender = new PartSender(s3, target, UploadId, signal);
    for (const chunk of start) await sender.write(chunk);
    return sender;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      if (this.filled === this.current.length) await this.sendCurrent();
      const copied = chunk.copy(this.current, this.filled, from);
      this.filled += copied;
      from += copied;
    }
  }

  async complete(): Promise<string | undefined> {
    await this.sendCurrent();
    await Promise.all(this.running);
    this.throwFailure();
    const { Bucket, Key, IfNoneMatch } = this.target;
    const MultipartUpload = { Parts: this.completed };
    const finish = { Bucket, Key, UploadId: this.uploadId, MultipartUpload, ...(IfNoneMatch && { IfNoneMatch }) };
    return (await this.s3.io.send(new CompleteMultipartUploadCommand(finish), abortable(this.signal))).VersionId;
  }

  /** Resolves when nothing is on its way any more; what failed is known already. */
  async settle(): Promise<void> {
    await Promise.all(this.running);
  }

  private async sendCurrent(): Promise<void> {
    const sending = this.sendPart(this.current, this.filled, this.completed.push({}));
    const run = sending
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => this.running.delete(run));
    this.running.add(run);
    if (this.running.size >= this.s3.limits.uploadConcurrency) await Promise.race(this.running);
    this.throwFailure();
    this.current = this.buffer();
    this.filled = 0;
  }

  private async sendPart(buffer: Buffer, length: number, PartNumber: number): Promise<void> {
    const { Bucket, Key } = this.target;
    const part = { Bucket, Key, UploadId: this.uploadId, PartNumber, Body: buffer.subarray(0, length) };
    const { ETag } = await this.s3.io.send(new UploadPartCommand(part), abortable(this.signal));
    this.completed[PartNumber - 1] = { PartNumber, ETag };
    this.free.push(buffer);
  }

  private buffer(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(this.s3.limits.uploadPartBytes);
  }

  private throwFailure(): void {
    if (this.failure !== null) throw this.failure.error;
  }
}
