import type { CloudEvent } from '@custody/contracts';
import { JobContext, JobHandler, RefuseJob, WaitAndRetry } from '@custody/queues';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { NotifierSettings } from '../notifier-settings.js';
import { DeliverEvent } from './deliver-event.service.js';

/** The notify queue. What throws is tried again with growing pauses, and ends in the failed set after the last attempt. */
@Controller()
export class NotificationController {
  constructor(
    private readonly deliverEvent: DeliverEvent,
    private readonly settings: NotifierSettings,
  ) {}

  @JobHandler('notification.v1')
  async handle(@Payload() event: CloudEvent, @Ctx() { run }: JobContext): Promise<void> {
    try {
      await this.deliverEvent.execute(event, run.signal);
    } catch (error) {
      if (run.signal.aborted || error instanceof WaitAndRetry || run.failedRuns + 1 < this.settings.maxAttempts)
        throw error;
      throw new RefuseJob(error instanceof Error ? error.message : String(error));
    }
  }
}
