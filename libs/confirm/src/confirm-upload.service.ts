import { UploadsRepository, type StepContext, type UploadStep, type VersionRecord } from '@custody/data';
import { CustodyError, stagingKey, type FileId, type VersionId, type VersionState } from '@custody/domain';
import { OutboxPublisher } from '@custody/queues';
import { ObjectStore, ObjectStoreError, StoreCannotPin, type ObjectHead } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { inspectArrival } from './inspect-arrival.js';
import { refusalOf } from './refusals.js';

/** Where a confirmed upload stands. */
export interface ConfirmedUpload {
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly state: VersionState;
}

const STORE_RETRY_SEC = 5;

/**
 * Step 2 of the order of writes, the same at every door (confirm, store event, proxied upload, reconciler): looks at what
 * arrived in staging, pins it and asks for its scan, or rejects it.
 */
@Injectable()
export class ConfirmUpload {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly store: ObjectStore,
    private readonly publisher: OutboxPublisher,
  ) {}

  /**
   * Confirms the version (the newest when `versionId` is null) and resolves to the state that holds. Repeating it gives
   * the same answer, a refusal included. Throws `CustodyError`:
   * - `FILE_NOT_FOUND` the tenant has no such upload, or deleted it
   * - `UPLOAD_NOT_FOUND` no bytes have arrived yet
   * - `EMPTY_FILE`, `SIZE_MISMATCH`, `MIME_TYPE_MISMATCH` the version is rejected for what arrived (`CHECKSUM_MISMATCH`: was)
   * - `STORE_UNAVAILABLE`, `SERVICE_UNAVAILABLE` nothing was changed; worth another try
   */
  async execute(context: StepContext, fileId: FileId, versionId: VersionId | null): Promise<ConfirmedUpload> {
    const version = await this.uploads.find(context, fileId, versionId);
    if (version === null || version.rejectReason === 'deleted') throw new CustodyError('FILE_NOT_FOUND');
    if (version.state !== 'awaiting_upload') return answer(version, version);

    const { arrival, objection } = await this.inspect(version);
    const step =
      objection === null
        ? await this.uploads.recordArrival(context, version.id, arrival)
        : await this.uploads.rejectArrival(context, version.id, arrival, objection.reason, objection.detail);
    if (step === null) throw new CustodyError('FILE_NOT_FOUND');
    // After the commit and not awaited: the row is the truth, the relay finds what did not get through (F5).
    this.publisher.publishAfterCommit(step.events);
    return this.settle(context, version, step);
  }

  private async inspect(version: VersionRecord) {
    try {
      const head = await this.store.head({ bucket: 'staging', key: keyOf(version) });
      if (head === null) throw new CustodyError('UPLOAD_NOT_FOUND');
      return await inspectArrival(this.store, version, head, pinOf(head));
    } catch (error) {
      throw toRefusal(error);
    }
  }

  /** Whoever moved the version, this call or a faster one: the row as it stands now is the answer (F8). */
  private async settle(context: StepContext, version: VersionRecord, step: UploadStep): Promise<ConfirmedUpload> {
    if (step.state !== 'rejected') return answer(version, { ...version, ...step });
    const ended = await this.uploads.find(context, version.fileId, version.id);
    if (ended === null || ended.rejectReason === 'deleted') throw new CustodyError('FILE_NOT_FOUND');
    return answer(ended, ended);
  }
}

function answer({ id, fileId }: VersionRecord, now: Parameters<typeof refusalOf>[0]): ConfirmedUpload {
  const refusal = refusalOf(now);
  if (refusal !== null) throw refusal;
  return { fileId, versionId: id, state: now.state };
}

function keyOf({ tenantId, fileId, id }: VersionRecord): string {
  return stagingKey({ tenantId, fileId, versionId: id });
}

function pinOf(head: ObjectHead): string {
  if (head.versionId === null) throw new StoreCannotPin('An uploaded object has no version id');
  return head.versionId;
}

/** An outage, or a version that vanished between two requests, is no verdict about the upload: the row stays as it is. */
function toRefusal(error: unknown): unknown {
  const passing = error instanceof ObjectStoreError && (error.retryable || error.code === 'NOT_FOUND');
  if (!passing) return error;
  return new CustodyError('STORE_UNAVAILABLE', undefined, { retryAfterSec: STORE_RETRY_SEC, cause: error });
}
