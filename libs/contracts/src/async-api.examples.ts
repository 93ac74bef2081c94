const tenant = 'f3b0c7a4-52f5-4c36-9d0e-6c1f6f5d3f10';
const fileId = '0d9c6a3e-8f57-4d0b-a0f6-4b7ce4f3c2a1';
const versionId = '7a1f2f1c-6f0e-4d55-8f5c-0f6f3b8a9e22';
const user = 'c2a0a4a8-3b0f-4e9e-9a52-3b1d1a5c7d44';

const event = (id: string, type: string, data: object) => ({
  specversion: '1.0',
  id,
  source: '/custody',
  type,
  subject: fileId,
  time: '2026-11-21T12:00:00.000Z',
  datacontenttype: 'application/json',
  tenantid: tenant,
  data: { ...data, fileId, versionId },
});

const webhook = '4c1f7a52-90d3-4b6e-a1c8-3e5d7f9b2a64';

interface Example {
  readonly name: string;
  readonly payload: object;
}

/** Examples of each message; the spec holds them against the schemas. */
export const asyncApiExamples = {
  attachFile: [
    {
      name: 'evidence',
      payload: {
        eventId: '5b2d6a0e-1c55-4f7a-8a3e-2f9b8f0d7c11',
        tenantId: tenant,
        fileId,
        subject: { type: 'case', id: '2026-000017' },
        actorId: user,
        occurredAt: '2026-11-21T12:00:00Z',
      },
    },
  ],
  fileAvailable: [
    {
      name: 'available',
      payload: event('9e4b1b57-0f0c-4c8c-8c2a-7b1f0f3f5a01', 'file.available', {
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        size: 12345,
        mimeType: 'application/pdf',
      }),
    },
  ],
  notificationSent: [
    {
      name: 'infected',
      payload: event('1f0c9c55-6b1d-4f0b-9d77-0a4e7f3b6c02', 'notify.notification.sent', {
        notification: 'file.infected',
        recipient: { role: 'tenant_admin' },
        signature: 'Win.Test.EICAR_HDB-1',
        uploadedBy: user,
      }),
    },
    {
      name: 'withdrawn',
      payload: event('6d0e5f2b-8a41-4f3c-b7d9-1c2e3f4a5b06', 'notify.notification.sent', {
        notification: 'file.infected',
        recipient: { role: 'tenant_admin' },
        signature: 'Win.Trojan.Late-1',
        uploadedBy: user,
        withdrawn: true,
        availableSince: '2026-11-20T08:15:00.000Z',
      }),
    },
    {
      name: 'altered',
      payload: event('7e1f6a3c-9b52-4a4d-88ea-2d3f4a5b6c07', 'notify.notification.sent', {
        notification: 'file.altered',
        recipient: { role: 'tenant_admin' },
        uploadedBy: user,
        withdrawn: true,
        availableSince: '2026-11-20T08:15:00.000Z',
      }),
    },
    {
      name: 'expired',
      payload: event('2b7e1f4d-3f60-4b7c-8f1e-5d0c2a9b4e03', 'notify.notification.sent', {
        notification: 'file.expired',
        recipient: { userId: user },
      }),
    },
  ],
  webhookTest: [
    {
      name: 'test',
      payload: {
        ...event('3c8f2a5e-4071-4c8d-9a2f-6e1d3b0c5f04', 'webhook.test', {}),
        subject: webhook,
        data: { webhookId: webhook },
      },
    },
  ],
} satisfies Record<string, readonly Example[]>;
