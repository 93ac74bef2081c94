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
import { passStreamGarbage } from './stream-garbage.js';

/** What PutObject and CreateMultipartUpload share. */
export type WriteParams = Pick<
  PutObjectCommandInput,
  'ContentType' | 'IfNoneMatch' | 'ContentDisposition' | 'ServerSideEncryption'
> & {
  readonly Bucket: string;
  readonly Key: string;
};

/**
 * Writes a body of unknown length with two buffers of one part each, used in turn: one fills while the other travels. A body
 * that fits into the first goes in one PUT. Memory is those two buffers, however long the body is.
 */
export class MultipartWriter {
  uploadId: string | undefined;
  private readonly parts: CompletedPart[] = [];
  private filling: Buffer;
  private spare: Buffer;
  private filled = 0;
  private travelling: Promise<void> = Promise.resolve();

  constructor(
    private readonly s3: S3Context,
    private readonly params: WriteParams,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.filling = Buffer.allocUnsafeSlow(s3.limits.uploadPartBytes);
    this.spare = Buffer.allocUnsafeSlow(s3.limits.uploadPartBytes);
  }

  /** Resolves to the version id the store names, if it does. */
  async write(body: Readable): Promise<string | undefined> {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length;) {
        if (this.filled === this.filling.length) await this.sendPart();
        const piece = chunk.subarray(at, at + this.filling.length - this.filled);
        this.filling.set(piece, this.filled);
        this.filled += piece.length;
        at += piece.length;
      }
      passStreamGarbage(chunk.length);
    }
    return this.uploadId === undefined ? this.putWhole() : this.complete();
  }

  /** Resolves when no part is on its way any more: one that arrives after an abort would survive it. */
  async rest(): Promise<void> {
    await this.travelling.catch(() => undefined);
  }

  private get body(): Buffer {
    return this.filling.subarray(0, this.filled);
  }

  private async putWhole(): Promise<string | undefined> {
    const command = new PutObjectCommand({ ...this.params, Body: this.body });
    return (await this.s3.io.send(command, abortable(this.signal))).VersionId;
  }

  /** Sends what is filled and goes on filling the other buffer, which is free once its own part has arrived. */
  private async sendPart(): Promise<void> {
    this.uploadId ??= await this.create();
    await this.travelling;
    this.travelling = this.upload(this.body, this.parts.length + 1);
    // Awaited at the next part or at the end; until then its failure must not end the process.
    this.travelling.catch(() => undefined);
    [this.filling, this.spare] = [this.spare, this.filling];
    this.filled = 0;
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
    if (this.filled > 0) await this.sendPart();
    await this.travelling;
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
