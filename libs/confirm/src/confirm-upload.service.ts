import { UploadsRepository, type StepContext, type UploadStep, type VersionRecord } from '@custody/data';
import { CustodyError, SNIFF_BYTES, stagingKey, type FileId, type VersionId, type VersionState } from '@custody/domain';
import { OutboxPublisher } from '@custody/queues';
import { ObjectStore, ObjectStoreError, StoreCannotPin, type ObjectHead } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { inspectArrival, type Inspection } from './inspect-arrival.js';
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

    const inspection = await this.inspect(version);
    if (inspection === null) return this.answerAnew(context, version);
    const { arrival, objection } = inspection;
    const step =
      objection === null
        ? await this.uploads.recordArrival(context, version.id, arrival)
        : await this.uploads.rejectArrival(context, version.id, arrival, objection.reason, objection.detail);
    if (step === null) throw new CustodyError('FILE_NOT_FOUND');
    // After the commit and not awaited: the row is the truth, the relay finds what did not get through (F5).
    this.publisher.publishAfterCommit(step.events);
    return this.settle(context, version, step);
  }

  /** Null: there are no bytes, or they went while we looked. */
  private async inspect(version: VersionRecord): Promise<Inspection | null> {
    try {
      const found = await this.store.peek({ bucket: 'staging', key: keyOf(version) }, SNIFF_BYTES);
      return found === null ? null : await inspectArrival(version, found, pinOf(found));
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND') return null;
      throw toRefusal(error);
    }
  }

  /** Whoever moved the version, this call or a faster one: the row as it stands now is the answer (F8). */
  private async settle(context: StepContext, version: VersionRecord, step: UploadStep): Promise<ConfirmedUpload> {
    if (step.state !== 'rejected') return answer(version, { ...version, ...step });
    return this.answerAnew(context, version);
  }

  /** What the row says now: a faster call may have confirmed it, and a scan may even have ended and taken the bytes along (F8). */
  private async answerAnew(context: StepContext, { fileId, id }: VersionRecord): Promise<ConfirmedUpload> {
    const now = await this.uploads.find(context, fileId, id);
    if (now === null || now.rejectReason === 'deleted') throw new CustodyError('FILE_NOT_FOUND');
    if (now.state === 'awaiting_upload') throw new CustodyError('UPLOAD_NOT_FOUND');
    return answer(now, now);
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

/** An outage is no verdict about the upload: the row stays as it is. */
function toRefusal(error: unknown): unknown {
  if (!(error instanceof ObjectStoreError && error.retryable)) return error;
  return new CustodyError('STORE_UNAVAILABLE', undefined, { retryAfterSec: STORE_RETRY_SEC, cause: error });
}
