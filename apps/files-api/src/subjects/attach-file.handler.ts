import type { AttachFilePayload } from '@custody/contracts';
import { JobContext, JobHandler } from '@custody/queues';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AttachFile } from './attach-file.service.js';

/** The attach-file queue. The payload fits its contract when it comes here; the sender is whoever can reach our Redis. */
@Controller()
export class AttachFileHandler {
  constructor(private readonly attachFile: AttachFile) {}

  @JobHandler('attach-file.v1')
  async handle(@Payload() event: AttachFilePayload, @Ctx() { run }: JobContext): Promise<void> {
    await this.attachFile.execute(event, run.starts);
  }
}
