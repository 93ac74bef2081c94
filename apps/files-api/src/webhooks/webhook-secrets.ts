import type { StepContext } from '@custody/data';
import type { WebhookId } from '@custody/domain';
import { newSecret, ownerOfSecret, SecretBox } from '@custody/webhooks';
import { Injectable } from '@nestjs/common';

/** A new secret: as its tenant is told, once, and as it is kept. */
export interface FreshSecret {
  readonly secret: string;
  readonly sealed: string;
}

@Injectable()
export class WebhookSecrets {
  constructor(private readonly box: SecretBox) {}

  fresh({ tenantId }: StepContext, id: WebhookId): FreshSecret {
    const secret = newSecret();
    return { secret, sealed: this.box.seal(secret, ownerOfSecret(tenantId, id)) };
  }

  open({ tenantId }: StepContext, id: WebhookId, sealed: string): string {
    return this.box.open(sealed, ownerOfSecret(tenantId, id));
  }
}
