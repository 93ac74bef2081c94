import { randomUUID } from 'node:crypto';
import { JOBS, toJob } from './jobs.js';
import { OUTBOX_TYPES, outboxEvent } from './outbox-event.js';

describe('jobs', () => {
  it.each(OUTBOX_TYPES)('%s becomes a job its own schema accepts, with the id of the event', (type) => {
    const event = outboxEvent.parse({
      id: randomUUID(),
      tenantId: randomUUID(),
      type,
      fileId: randomUUID(),
      versionId: randomUUID(),
      data: { notification: 'file.infected' },
      requestId: 'r-1',
      occurredAt: '2026-11-21T00:00:00.000Z',
    });
    const job = toJob(event);
    expect(job.id).toBe(event.id);
    expect(job.meta.requestId).toBe('r-1');
    expect(JOBS[job.name].payload.parse(job.payload)).toEqual(job.payload);
  });
});
