import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { keepPartBuffer, takePartBuffer } from './part-buffers.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { passStreamGarbage } from './stream-garbage.js';

/** What PutObject and CreateMultipartUpload share. */
export type WriteParams = Pick<
  PutObjectCommandInput,
  'ContentType' | 'IfNoneMatch' | 'ContentDisposition' | 'ServerSideEncryption'
> & {
  readonly Bucket: string;
  readonly Key: string;
};

/** Part buffers of this process beyond the two that every body has: they keep a store busy whose answers take long. */
const MOST_LENT = 8;
let lent = 0;

/**
 * Writes a body of unknown length in parts: one buffer fills while others travel. A body that fits into the first goes in one
 * PUT. Memory is two buffers of one part each, and while few bodies are written at once some more, however long the body is.
 */
export class MultipartWriter {
  uploadId: string | undefined;
  private readonly parts: CompletedPart[] = [];
  private readonly travelling = new Set<Promise<void>>();
  /** All buffers of this body, whether free, filling or travelling. */
  private readonly own = new Set<Buffer>();
  private readonly free: Buffer[];
  private filling: Buffer;
  private filled = 0;
  private begun = 0;
  private borrowed = 0;

  constructor(
    private readonly s3: S3Context,
    private readonly params: WriteParams,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.filling = this.newBuffer();
    this.free = [this.newBuffer()];
  }

  /** Resolves to the version id the store names, if it does. */
  async write(body: Readable): Promise<string | undefined> {
    // The caller ends the body: leaving the loop would do it with an error of its own, and that would read as the body's failure.
    const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        if (this.filled === this.filling.length) await this.sendPart();
        const piece = chunk.subarray(at, at + this.filling.length - this.filled);
        this.filling.set(piece, this.filled);
        this.filled += piece.length;
        at += piece.length;
      }
      passStreamGarbage(chunk.length);
    }
    const versionId = await (this.uploadId === undefined ? this.putWhole() : this.complete());
    // Every part has been answered. After a failure one may still be on its way: those buffers serve nobody else.
    for (const buffer of this.own) keepPartBuffer(buffer);
    return versionId;
  }

  /** To be called at the end, whichever: resolves when no part is on its way any more. One that arrives after an abort would survive it. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.travelling);
    lent -= this.borrowed;
    this.borrowed = 0;
  }

  private get body(): Buffer {
    return this.filling.subarray(0, this.filled);
  }

  private newBuffer(): Buffer {
    const buffer = takePartBuffer(this.s3.limits.uploadPartBytes);
    this.own.add(buffer);
    return buffer;
  }

  private async putWhole(): Promise<string | undefined> {
    const command = new PutObjectCommand({ ...this.params, Body: this.body });
    return (await this.s3.io.send(command, abortable(this.signal))).VersionId;
  }

  /** Sends what is filled and goes on filling another buffer. */
  private async sendPart(): Promise<void> {
    this.uploadId ??= await this.create();
    this.send();
    this.filling = await this.nextBuffer();
    this.filled = 0;
  }

  private send(): void {
    const sent = this.filling;
    this.begun += 1;
    const travel = this.upload(this.body, this.begun).then(() => {
      this.travelling.delete(travel);
      this.free.push(sent);
    });
    // A failure stays in the set for whoever looks next; until then it must not end the process.
    travel.catch(() => undefined);
    this.travelling.add(travel);
  }

  /** A free one, a borrowed one, or the first whose part has arrived. */
  private async nextBuffer(): Promise<Buffer> {
    for (;;) {
      const free = this.free.pop();
      if (free !== undefined) return free;
      if (lent < MOST_LENT) {
        lent += 1;
        this.borrowed += 1;
        return this.newBuffer();
      }
      await Promise.race(this.travelling);
    }
  }

  private async create(): Promise<string | undefined> {
    const { IfNoneMatch: _onlyAtTheEnd, ...params } = this.params;
    // Never aborted: an upload that was begun without our learning its id could not be taken away.
    return (await this.s3.io.send(new CreateMultipartUploadCommand(params))).UploadId;
  }

  private async upload(Body: Buffer, PartNumber: number): Promise<void> {
    const { Bucket, Key } = this.params;
    const command = new UploadPartCommand({ Bucket, Key, UploadId: this.uploadId, PartNumber, Body });
    const { ETag } = await this.s3.io.send(command, abortable(this.signal));
    this.parts.push({ PartNumber, ETag });
  }

  private async complete(): Promise<string | undefined> {
    if (this.filled > 0) this.send();
    await Promise.all(this.travelling);
    this.parts.sort((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0));
    const { Bucket, Key, IfNoneMatch } = this.params;
    const command = new CompleteMultipartUploadCommand({
      Bucket,
      Key,
      UploadId: this.uploadId,
      MultipartUpload: { Parts: this.parts },
      ...(IfNoneMatch === undefined ? {} : { IfNoneMatch }),
    });
    return (await this.s3.io.send(command, abortable(this.signal))).VersionId;
  }
}
