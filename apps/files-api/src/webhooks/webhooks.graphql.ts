import { EVENT_TYPES } from '@custody/contracts';
import { WEBHOOK_DELIVERY_STATES } from '@custody/data';
import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, enumType, inputType, objectType } from '../graphql/sdl.js';
import {
  createWebhookSchema,
  deliveryDetailSchema,
  deliverySchema,
  updateWebhookSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './webhooks.schema.js';

const types = { disabledReason: 'WebhookDisabledReason' };

export const webhooksGraphql: GraphqlPart = {
  types: `
    ${enumType('WebhookDisabledReason', webhookSchema.shape.disabledReason.unwrap().options)}
    ${enumType('WebhookDeliveryStatus', WEBHOOK_DELIVERY_STATES)}
    ${objectType('Webhook', webhookSchema, { types })}
    ${objectType('WebhookWithSecret', webhookWithSecretSchema, { types })}
    ${connectionType('Webhook')}
    ${objectType('WebhookDelivery', deliverySchema, { types: { status: 'WebhookDeliveryStatus' } })}
    ${connectionType('WebhookDelivery')}
    ${objectType('WebhookDeliveryDetail', deliveryDetailSchema, {
      types: { status: 'WebhookDeliveryStatus', attemptLog: 'WebhookAttempt' },
    })}
    ${objectType('WebhookAttempt', deliveryDetailSchema.shape.attemptLog.element)}
    "events: ${EVENT_TYPES.join(', ')}"
    ${inputType('CreateWebhookInput', createWebhookSchema, { types: { events: 'String' } })}
    "events: ${EVENT_TYPES.join(', ')}"
    ${inputType('WebhookChangesInput', updateWebhookSchema, { types: { events: 'String' } })}
  `,
  queries: `
    webhook(id: ID!): Webhook @requires(scope: "files:admin")
    webhooks(first: Int = 50, after: String): WebhookConnection @requires(scope: "files:admin")
    webhookDeliveries(webhookId: ID!, status: WebhookDeliveryStatus, first: Int = 50, after: String): WebhookDeliveryConnection
      @requires(scope: "files:admin")
    webhookDelivery(webhookId: ID!, deliveryId: ID!): WebhookDeliveryDetail @requires(scope: "files:admin")
  `,
  mutations: `
    "The secret is shown here and never again"
    registerWebhook(input: CreateWebhookInput!): WebhookWithSecret @requires(scope: "files:admin")
    updateWebhook(webhookId: ID!, changes: WebhookChangesInput!): Webhook @requires(scope: "files:admin")
    deleteWebhook(webhookId: ID!): ID @requires(scope: "files:admin")
    "graceSec: how long the secret so far goes on signing"
    rotateWebhookSecret(webhookId: ID!, graceSec: Int): WebhookWithSecret @requires(scope: "files:admin")
    testWebhook(webhookId: ID!): WebhookDelivery @requires(scope: "files:admin")
    redeliverWebhook(webhookId: ID!, deliveryId: ID!): WebhookDelivery @requires(scope: "files:admin")
  `,
};
