import { z } from 'zod';
import { attachFilePayload } from './attach-file.js';
import { cloudEvent, type CloudEvent } from './cloud-event.js';
import { asyncApiExamples } from './async-api.examples.js';
import { JOBS, jobMeta } from './jobs.js';
import { webhookTest } from './webhook-test.js';

const ids = { fileId: z.uuid(), versionId: z.uuid() };
const available = z.object({
  ...ids,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int(),
  mimeType: z.string(),
});
/** Of a version that could be read until a rescan withdrew it. */
const withdrawn = {
  withdrawn: z.literal(true),
  availableSince: z.iso.datetime().meta({ description: 'From when until now its bytes could be had' }),
};
const notification = z.discriminatedUnion('notification', [
  z.object({
    ...ids,
    notification: z.literal('file.infected'),
    recipient: z.object({ role: z.literal('tenant_admin') }),
    signature: z.string(),
    uploadedBy: z.uuid(),
    ...z.object(withdrawn).partial().shape,
  }),
  z.object({
    ...ids,
    ...withdrawn,
    notification: z.literal('file.altered').meta({ description: 'The stored bytes are not those that were scanned' }),
    recipient: z.object({ role: z.literal('tenant_admin') }),
    uploadedBy: z.uuid(),
  }),
  z.object({
    ...ids,
    notification: z.literal('file.expired'),
    recipient: z.object({ userId: z.uuid() }),
  }),
]);

const eventOf = (type: CloudEvent['type'], data: z.ZodType) => cloudEvent.extend({ type: z.literal(type), data });

/** The messages between Custody and others, by the names of the document. Members that are not named may come with a later version. */
export const ASYNC_API_MESSAGES = {
  attachFile: attachFilePayload.extend({ meta: jobMeta.optional() }),
  fileAvailable: eventOf('file.available', available),
  notificationSent: eventOf('notify.notification.sent', notification),
  webhookTest,
} as const satisfies Record<AsyncApiMessage, z.ZodType>;
export type AsyncApiMessage = keyof typeof asyncApiExamples;

const PUBLISHING = `Job \`attach-file.v1\` on the BullMQ queue \`attach-file\` (Redis keys \`{QUEUE_PREFIX}:attach-file:*\`, prefix \`bull\` unless
configured), its id being \`eventId\`. Adding a job is several writes to Redis that only BullMQ's own Lua scripts make together:
publish with a BullMQ client of your language (Node, Python, Elixir, PHP), with the attempts and the exponential back-off of
\`x-bullmq\`, never by LPUSH or XADD on the keys. In Node
\`AttachFileProducer\` of \`@custody/queues\` does it. Without such a client use \`PUT /v1/files/{fileId}/subjects/{type}/{subjectId}\`.

An event is taken once, by \`eventId\`, however often it is delivered; one that comes before its file waits; what is forged, broken or
for another tenant's file ends in the failed set with its reason.`;

const DELIVERY = `CloudEvents 1.0 in structured JSON mode, POSTed to \`NOTIFY_SINK_URL\`. Any 2xx is delivered; anything else is tried again with
growing pauses, \`Retry-After\` is kept. At least once: \`id\` is the same at every delivery. No order between files.`;

const WEBHOOKS = `The same CloudEvents, POSTed to every webhook of the tenant that wants them (\`/v1/webhooks\`), signed as Standard Webhooks 1.0 says:
\`webhook-id\` (the event's \`id\`, the same at every attempt), \`webhook-timestamp\` (seconds since 1970) and \`webhook-signature\` (\`v1,\` and
base64, one for each valid secret, separated by spaces). Any 2xx is delivered; anything else is tried again over three days; 410 disables the
webhook. At least once, in no order.`;

/** AsyncAPI 3.0: what others send to Custody over its queues and what it tells them. */
export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Custody: queues and events',
      version: '1.0.0',
      description: 'Generated from `libs/contracts` by `npm run generate`; do not edit.',
    },
    defaultContentType: 'application/json',
    servers: {
      queues: { host: 'redis.example.internal:6379', protocol: 'redis', description: '`REDIS_URL` of Custody' },
      receiver: { host: 'receiver.example.com', protocol: 'https', description: '`NOTIFY_SINK_URL` of the notifier' },
      webhook: { host: 'hooks.example.com', protocol: 'https', description: 'The URL a tenant registered' },
    },
    channels: channels(),
    operations: OPERATIONS,
    components: {
      messages: {
        attachFile: message('attachFile', 'attach-file.v1', 'Link a file to a subject', 'application/json'),
        fileAvailable: message('fileAvailable', 'file.available', 'A version passed its scan and is served', EVENT),
        notificationSent: message('notificationSent', 'notify.notification.sent', 'Somebody should be told', EVENT),
        webhookTest: message('webhookTest', 'webhook.test', 'Somebody tries a webhook out', EVENT),
      },
    },
  };
}

function channels(): object {
  const { queue, attempts, backoffMs } = JOBS['attach-file.v1'];
  return {
    attachFile: {
      address: queue,
      servers: [{ $ref: '#/servers/queues' }],
      description: PUBLISHING,
      messages: componentRefs('attachFile'),
      'x-bullmq': { queue, jobName: 'attach-file.v1', jobId: 'eventId', attempts, backoffMs },
    },
    events: {
      address: '/',
      servers: [{ $ref: '#/servers/receiver' }],
      description: DELIVERY,
      messages: componentRefs('fileAvailable', 'notificationSent'),
    },
    webhooks: {
      address: '/',
      servers: [{ $ref: '#/servers/webhook' }],
      description: WEBHOOKS,
      messages: componentRefs('fileAvailable', 'notificationSent', 'webhookTest'),
    },
  };
}

const refs = (channel: string, ...names: AsyncApiMessage[]) =>
  names.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` }));

const OPERATIONS = {
  attachFile: {
    action: 'receive',
    summary: 'Link a file to a subject of another service (M44)',
    channel: { $ref: '#/channels/attachFile' },
    messages: refs('attachFile', 'attachFile'),
  },
  tellEvents: {
    action: 'send',
    summary: 'Tell that a file is available, infected, altered or expired (M45)',
    channel: { $ref: '#/channels/events' },
    messages: refs('events', 'fileAvailable', 'notificationSent'),
  },
  tellWebhooks: {
    action: 'send',
    summary: 'Tell the webhooks of a tenant (M45)',
    channel: { $ref: '#/channels/webhooks' },
    messages: refs('webhooks', 'fileAvailable', 'notificationSent', 'webhookTest'),
  },
};

const EVENT = 'application/cloudevents+json';

const componentRefs = (...names: AsyncApiMessage[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));

function message(key: AsyncApiMessage, name: string, summary: string, contentType: string): object {
  // Schemas of AsyncAPI are a superset of draft 07. What a schema refines beyond that is in its description.
  const { $schema: _, ...payload } = z.toJSONSchema(ASYNC_API_MESSAGES[key], { target: 'draft-7', io: 'input' });
  return { name, title: name, summary, contentType, payload, examples: asyncApiExamples[key] };
}
