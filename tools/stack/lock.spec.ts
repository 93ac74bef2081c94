import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AlreadyRunningError, takeLock } from './lock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'custody-lock-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('takeLock', () => {
  it('tells the second one where the first is', async () => {
    await takeLock(dir, 'http://localhost:1234');
    const second = takeLock(dir, 'http://localhost:5678');
    await expect(second).rejects.toThrow(AlreadyRunningError);
    await expect(second).rejects.toThrow('http://localhost:1234');
  });

  it('can be taken again once it was given back', async () => {
    const unlock = await takeLock(dir, 'first');
    await unlock();
    await expect(takeLock(dir, 'second')).resolves.toBeInstanceOf(Function);
  });

  it('takes over from a process whose pid now belongs to another', async () => {
    const reused = { pid: process.pid, startTime: '1', url: 'gone' };
    await writeFile(path.join(dir, 'lock'), JSON.stringify(reused));
    await expect(takeLock(dir, 'new')).resolves.toBeInstanceOf(Function);
  });

  it('takes over a lock that was cut off while it was written', async () => {
    await writeFile(path.join(dir, 'lock'), '{"pid":');
    await expect(takeLock(dir, 'new')).resolves.toBeInstanceOf(Function);
  });
});
