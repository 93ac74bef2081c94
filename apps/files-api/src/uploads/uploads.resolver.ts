import { RequireScopes } from '@custody/auth';
import { statusOf, type FileId, type Subject } from '@custody/domain';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { subjectSchema } from '../subjects/subject.schema.js';
import { CompleteUpload } from './complete-upload.service.js';
import { InitiateUpload } from './initiate-upload.service.js';
import {
  confirmRequestSchema,
  presignRequestSchema,
  type ConfirmRequest,
  type ConfirmResponse,
  type PresignRequest,
  type PresignResponse,
} from './uploads.schema.js';

@Resolver()
@RequireScopes('files:write')
export class UploadsResolver {
  constructor(
    private readonly initiate: InitiateUpload,
    private readonly complete: CompleteUpload,
  ) {}

  @Creates()
  @Mutation()
  presignUpload(
    @CurrentCaller() caller: Caller,
    @Args('input', new SchemaPipe(presignRequestSchema)) request: PresignRequest,
    @Args('subject', new SchemaPipe(subjectSchema.optional())) subject: Subject | undefined,
  ): Promise<PresignResponse> {
    return this.initiate.execute(caller, request, subject);
  }

  @Mutation()
  async confirmUpload(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('input', new SchemaPipe(confirmRequestSchema)) details: ConfirmRequest,
  ): Promise<ConfirmResponse> {
    const { state } = await this.complete.execute(context, fileId, details);
    return { fileId, status: statusOf(state) };
  }
}
