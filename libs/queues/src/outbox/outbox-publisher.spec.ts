import { randomUUID } from 'node:crypto';
import type { OutboxEvent } from '@custody/contracts';
import { eventually } from '@custody/testing';
import { QueueUnavailable } from '../producer/queue-errors.js';
import type { QueueMessage } from '../producer/queue-message.js';
import { OutboxPublisher } from './outbox-publisher.js';

const event = (): OutboxEvent => ({
  id: randomUUID(),
  tenantId: randomUUID(),
  type: 'scan.requested',
  fileId: randomUUID(),
  versionId: randomUUID(),
  data: {},
  requestId: 'request-1',
  occurredAt: new Date().toISOString(),
});

/** A queue that takes what it is told to take, when it is told to. */
class Gate {
  readonly published: QueueMessage[] = [];
  busy = 0;
  mostBusy = 0;
  private open: () => void = () => undefined;
  private opened = new Promise<void>((resolve) => (this.open = resolve));
  refuse = false;

  release(): void {
    this.open();
  }

  async publish(messages: readonly QueueMessage[]): Promise<void> {
    this.mostBusy = Math.max(this.mostBusy, (this.busy += 1));
    await this.opened;
    this.busy -= 1;
    if (this.refuse) throw new QueueUnavailable('away');
    this.published.push(...messages);
  }
}

const marksInto = (marked: string[]) => ({
  markPublished: (events: readonly OutboxEvent[]) => {
    marked.push(...events.map(({ id }) => id));
    return Promise.resolve();
  },
});

it('publishes each event as its job, then marks it', async () => {
  const gate = new Gate();
  const marked: string[] = [];
  const publisher = new OutboxPublisher(gate, marksInto(marked));
  const sent = event();
  publisher.publishAfterCommit([sent]);
  expect(marked).toEqual([]);
  gate.release();
  await publisher.flush();
  expect(gate.published).toMatchObject([{ id: sent.id, name: 'scan.v1', meta: { requestId: 'request-1' } }]);
  expect(marked).toEqual([sent.id]);
});

it('leaves to the relay what the queue does not take: nothing is marked, nothing is thrown', async () => {
  const gate = new Gate();
  const marked: string[] = [];
  gate.refuse = true;
  gate.release();
  const publisher = new OutboxPublisher(gate, marksInto(marked));
  publisher.publishAfterCommit([event()]);
  await publisher.flush();
  expect(marked).toEqual([]);
});

it('survives marks that cannot be written', async () => {
  const gate = new Gate();
  gate.release();
  const publisher = new OutboxPublisher(gate, { markPublished: () => Promise.reject(new Error('database away')) });
  publisher.publishAfterCommit([event()]);
  await expect(publisher.flush()).resolves.toBeUndefined();
});

it('works on few batches at a time, holds a bounded number, and flushes all it accepted', async () => {
  const gate = new Gate();
  const marked: string[] = [];
  const publisher = new OutboxPublisher(gate, marksInto(marked));
  for (let round = 0; round < 30; round += 1) publisher.publishAfterCommit(Array.from({ length: 500 }, event));
  await eventually('the first batches', () => gate.busy === 4);
  gate.release();
  await publisher.flush();
  expect(gate.mostBusy).toBe(4);
  expect(marked.length).toBeGreaterThanOrEqual(10_000);
  expect(marked.length).toBeLessThanOrEqual(10_400);
});
