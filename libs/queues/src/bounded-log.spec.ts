import { BoundedLog } from './bounded-log.js';

it('writes one record per message and interval, and counts the rest', () => {
  const records: string[] = [];
  let now = 0;
  const log = new BoundedLog({ warn: (message: string) => void records.push(message) }, 1_000, () => now);
  for (; now < 3_000; now += 100) log.warn('away');
  log.warn('other');
  expect(records).toEqual([
    'away',
    'away (9 more since the last record)',
    'away (9 more since the last record)',
    'other',
  ]);
});

it('remembers a bounded number of messages', () => {
  const records: string[] = [];
  const log = new BoundedLog({ warn: (message: string) => void records.push(message) }, 1_000, () => 0);
  for (let id = 0; id < 1_000; id += 1) log.warn(`job ${id}`);
  expect(records).toHaveLength(1_000);
  expect(log['seen'].size).toBeLessThanOrEqual(100);
});
