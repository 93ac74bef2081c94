import type { CloudEvent } from '@custody/contracts';
import { Logger } from '@nestjs/common';
import type { Destination } from './destination.js';

/** One record per event: ids only, no name and no bytes of a file. */
export class LogDestination implements Destination {
  readonly name = 'log';
  private readonly log = new Logger(LogDestination.name);

  deliver({ id, type, tenantid, data }: CloudEvent): Promise<void> {
    const { fileId, versionId, notification } = data;
    this.log.log({ eventId: id, type, tenantId: tenantid, fileId, versionId, notification }, `event ${type}`);
    return Promise.resolve();
  }
}
