import {
  asId,
  CustodyError,
  isUuid,
  type AccessGroupId,
  type RescanRunId,
  type UserId,
  type WebhookDeliveryId,
  type WebhookId,
} from '@custody/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** As with files: what is no UUID names no group. */
@Injectable()
export class AccessGroupIdPipe implements PipeTransform<string, AccessGroupId> {
  transform(value: string): AccessGroupId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('ACCESS_GROUP_NOT_FOUND');
    return asId<AccessGroupId>(id);
  }
}

/** Users live at the authorization server; here any UUID may be one. */
@Injectable()
export class UserIdPipe implements PipeTransform<string, UserId> {
  transform(value: string): UserId {
    const id = value.toLowerCase();
    if (isUuid(id)) return asId<UserId>(id);
    const errors = [{ pointer: '/userId', message: 'must be a UUID' }];
    throw new CustodyError('validation-error', undefined, { errors });
  }
}

@Injectable()
export class WebhookIdPipe implements PipeTransform<string, WebhookId> {
  transform(value: string): WebhookId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('WEBHOOK_NOT_FOUND');
    return asId<WebhookId>(id);
  }
}

@Injectable()
export class WebhookDeliveryIdPipe implements PipeTransform<string, WebhookDeliveryId> {
  transform(value: string): WebhookDeliveryId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('WEBHOOK_DELIVERY_NOT_FOUND');
    return asId<WebhookDeliveryId>(id);
  }
}

@Injectable()
export class RescanRunIdPipe implements PipeTransform<string, RescanRunId> {
  transform(value: string): RescanRunId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('RESCAN_NOT_FOUND');
    return asId<RescanRunId>(id);
  }
}
