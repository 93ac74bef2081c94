import { IdempotencyKeysRepository, type FinishedRequest, type OnceContext } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../requests/caller.decorator.js';
import { formFingerprint } from './form-fingerprint.js';
import { readForm } from './multipart-form.js';
import { ReceiveUpload } from './receive-upload.service.js';
import { RegisterUpload, type ReceivedUpload, type RegisteredUpload } from './register-upload.service.js';
import { StageUpload } from './stage-upload.service.js';
import { uploadFormOf } from './upload-form.js';

/** A process that dies keeps its key this long. */
const LEASE_SEC = 30;
const RENEW_MS = 10_000;

/**
 * A proxied upload under an Idempotency-Key (ADR 0019). The key is claimed before the body is read, so that a second request is refused
 * at once instead of sending everything as well.
 */
@Injectable()
export class ReceiveOnce {
  private readonly log = new Logger(ReceiveOnce.name);

  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly receive: ReceiveUpload,
    private readonly staging: StageUpload,
    private readonly register: RegisterUpload,
  ) {}

  /** Throws `IDEMPOTENCY_KEY_IN_FLIGHT`, `IDEMPOTENCY_KEY_REUSED` and what `ReceiveUpload` throws. */
  async execute(caller: Caller, context: OnceContext, request: FastifyRequest): Promise<ReceivedUpload> {
    const claim = await this.keys.claim(context, LEASE_SEC);
    if ('result' in claim) return this.repeat(caller, context, request, claim);
    const renewing = setInterval(() => void this.renew(claim), RENEW_MS);
    try {
      return await this.receive.execute({ ...caller, context: claim }, request);
    } catch (error) {
      // Only a claim without a result: a key whose rows were created stays with them.
      await this.keys
        .release(claim)
        .catch((failure: unknown) => this.log.warn(`a claim is left to lapse: ${String(failure)}`));
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  private async repeat(
    caller: Caller,
    { once }: OnceContext,
    request: FastifyRequest,
    { fingerprint, result }: FinishedRequest,
  ): Promise<ReceivedUpload> {
    const { fields, stored } = await readForm(request, (part) => this.staging.measure(part));
    if (formFingerprint(fields, stored) !== fingerprint) throw new CustodyError('IDEMPOTENCY_KEY_REUSED');
    once.replayed = true;
    const form = uploadFormOf(fields, stored.part);
    // The fingerprint says that this door wrote the result.
    const { fileId, versionId, createdAt } = result as unknown as Omit<RegisteredUpload, 'createdAt'> & {
      createdAt: string;
    };
    return this.register.repeat(caller, { fileId, versionId, createdAt: new Date(createdAt) }, stored, form);
  }

  private async renew(claim: OnceContext): Promise<void> {
    await this.keys
      .renew(claim, LEASE_SEC)
      .catch((failure: unknown) => this.log.warn(`a claim was not renewed: ${String(failure)}`));
  }
}
