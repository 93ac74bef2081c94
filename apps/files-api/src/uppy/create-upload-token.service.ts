import { UploadTokens, type Actor } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { UploadTokensRepository, type StepContext } from '@custody/data';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { UploadTokenAnswer, UploadTokenRequest } from './upload-tokens.schema.js';

/** A token that may stand in a path: it can upload as its user, to where it is bound, for minutes, and nothing else. */
@Injectable()
export class CreateUploadToken {
  constructor(
    private readonly tokens: UploadTokens,
    private readonly granted: UploadTokensRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `FOLDER_NOT_FOUND`. */
  async execute(
    context: StepContext,
    actor: Actor,
    { bucket, folderId, expiresIn }: UploadTokenRequest,
  ): Promise<UploadTokenAnswer> {
    const bounds = { ...(bucket !== undefined && { bucket }), ...(folderId !== undefined && { folderId }) };
    const { id, token, expiresAt } = await this.tokens.issue(actor, bounds, expiresIn);
    // Written down first: a token nobody knows of must not be out (M37).
    await this.granted.grant(context, { id, ...bounds, expiresAt });
    const endpoint = `${this.config.http.publicUrl}/uppy/t/${token}`;
    return { token, endpoint, expiresAt: expiresAt.toISOString(), expiresIn };
  }
}
