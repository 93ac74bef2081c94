import {
  answerOf,
  headersOf,
  pageParameters,
  pathParameter,
  queryOf,
  requestOf,
  type Doors,
} from '../openapi/operation.js';
import {
  createWebhookSchema,
  deliveryDetailSchema,
  deliveryPageSchema,
  deliverySchema,
  listDeliveriesSchema,
  rotateSecretSchema,
  updateWebhookSchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './webhooks.schema.js';

const webhookId = pathParameter('webhookId', 'What is no UUID answers as an absent webhook', 'uuid');
const deliveryId = pathParameter('deliveryId', 'What is no UUID answers as an absent delivery', 'uuid');
const of = { tag: 'webhooks', scope: 'files:admin' } as const;

export const webhookDoors: Doors = {
  'POST /v1/webhooks': {
    ...of,
    creates: true,
    summary: 'Register a webhook',
    description:
      'Events of the tenant are posted to the URL as CloudEvents in JSON, signed as Standard Webhooks 1.0 says: `webhook-id` (stable over ' +
      'attempts), `webhook-timestamp`, `webhook-signature`. At least once: remember the ids you have seen.',
    requestBody: requestOf(createWebhookSchema),
    responses: { 201: answerOf(webhookWithSecretSchema, 'The webhook, with its secret') },
    refusals: [
      ...(['validation-error', 'WEBHOOK_NOT_FOUND', 'WEBHOOK_URL_NOT_ALLOWED'] as const),
      ...(['WEBHOOK_LIMIT_EXCEEDED', 'UNSUPPORTED_MEDIA_TYPE'] as const),
    ],
  },
  'GET /v1/webhooks': {
    ...of,
    summary: 'List webhooks in the order they were made',
    parameters: pageParameters,
    responses: { 200: answerOf(webhookPageSchema, 'A page of webhooks') },
    refusals: ['validation-error'],
  },
  'GET /v1/webhooks/{webhookId}': {
    ...of,
    summary: 'Read a webhook',
    parameters: [webhookId],
    responses: { 200: answerOf(webhookSchema, 'The webhook') },
    refusals: ['WEBHOOK_NOT_FOUND'],
  },
  'PATCH /v1/webhooks/{webhookId}': {
    ...of,
    summary: 'Change, disable or enable a webhook',
    description: 'While it is disabled no new deliveries are made; what waited is kept and sent once it is enabled.',
    parameters: [webhookId],
    requestBody: requestOf(updateWebhookSchema),
    responses: { 200: answerOf(webhookSchema, 'The webhook') },
    refusals: ['validation-error', 'WEBHOOK_NOT_FOUND', 'WEBHOOK_URL_NOT_ALLOWED', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'DELETE /v1/webhooks/{webhookId}': {
    ...of,
    summary: 'Delete a webhook with its log',
    parameters: [webhookId],
    responses: { 204: { description: 'Nothing is sent any more', headers: headersOf({}) } },
    refusals: ['WEBHOOK_NOT_FOUND'],
  },
  'POST /v1/webhooks/{webhookId}/rotate-secret': {
    ...of,
    summary: 'Give a webhook a new secret',
    description: 'Until the grace is over every message carries a signature of the new secret and one of the old.',
    parameters: [webhookId],
    requestBody: requestOf(rotateSecretSchema, 'application/json', false),
    responses: { 200: answerOf(webhookWithSecretSchema, 'The webhook, with its new secret') },
    refusals: ['validation-error', 'WEBHOOK_NOT_FOUND', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'POST /v1/webhooks/{webhookId}/test': {
    ...of,
    summary: 'Send a `webhook.test` event',
    parameters: [webhookId],
    responses: { 202: answerOf(deliverySchema, 'The delivery to follow') },
    refusals: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_DISABLED'],
  },
  'GET /v1/webhooks/{webhookId}/deliveries': {
    ...of,
    summary: 'List deliveries, newest first',
    parameters: [webhookId, ...queryOf(listDeliveriesSchema)],
    responses: { 200: answerOf(deliveryPageSchema, 'A page of deliveries') },
    refusals: ['validation-error', 'WEBHOOK_NOT_FOUND'],
  },
  'GET /v1/webhooks/{webhookId}/deliveries/{deliveryId}': {
    ...of,
    summary: 'Read a delivery with its attempts',
    parameters: [webhookId, deliveryId],
    responses: { 200: answerOf(deliveryDetailSchema, 'The delivery') },
    refusals: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_DELIVERY_NOT_FOUND'],
  },
  'POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
    ...of,
    summary: 'Send an event once more',
    description: 'Under the same `webhook-id`, with all attempts before it.',
    parameters: [webhookId, deliveryId],
    responses: { 202: answerOf(deliverySchema, 'The delivery to follow') },
    refusals: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_DELIVERY_NOT_FOUND', 'WEBHOOK_DISABLED'],
  },
};
