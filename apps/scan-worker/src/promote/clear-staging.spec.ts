import { jest } from '@jest/globals';
import type { CleanedVersion } from '@custody/data';
import { newId, stagingKey, type FileId, type TenantId, type VersionId } from '@custody/domain';
import { ClearStaging } from './clear-staging.service.js';

describe('ClearStaging', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const tenantId = newId<TenantId>();
  const ended = (state: CleanedVersion['state'] = 'available'): CleanedVersion => ({
    ...{ tenantId, fileId: newId<FileId>(), versionId: newId<VersionId>(), state },
  });

  function bench() {
    const state = { away: false, cleared: new Array<string[]>(), marked: new Array<readonly CleanedVersion[]>() };
    const clear = new ClearStaging(
      {
        clearStaging: (keys: string[]) => {
          if (state.away) return Promise.reject(new Error('away'));
          state.cleared.push(keys);
          return Promise.resolve(keys.length);
        },
      } as never,
      { markCleaned: (versions: CleanedVersion[]) => Promise.resolve(void state.marked.push(versions)) } as never,
      { reach: () => Promise.resolve() },
    );
    return { state, end: ({ state: as, ...ref }: CleanedVersion) => clear.execute({ ref } as never, as), clear };
  }

  it('clears the first at once and those that follow together', async () => {
    const { state, end } = bench();
    const refs = [ended(), ended('rejected'), ended()] as const;
    for (const ref of refs) await end(ref);
    expect(state.cleared).toEqual([[stagingKey(refs[0])]]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(state.cleared.slice(1)).toEqual([[stagingKey(refs[1]), stagingKey(refs[2])]]);
    expect(state.marked).toEqual([[refs[0]], [refs[1], refs[2]]]);
    // Nothing came for a second: the next one does not wait.
    await jest.advanceTimersByTimeAsync(1_000);
    const last = ended();
    await end(last);
    expect(state.marked.at(-1)).toEqual([last]);
  });

  it('waits for no timer when many have gathered, nor at the end of the process', async () => {
    const { state, end, clear } = bench();
    for (let version = 0; version < 102; version += 1) await end(ended());
    expect(state.cleared.map((keys) => keys.length)).toEqual([1, 100]);
    await clear.beforeApplicationShutdown();
    expect(state.marked.flat()).toHaveLength(102);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('marks nothing that the store may have kept: the reaper finds it', async () => {
    const { state, end } = bench();
    state.away = true;
    await end(ended());
    await end(ended());
    await jest.advanceTimersByTimeAsync(1_000);
    state.away = false;
    const later = ended();
    await end(later);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(state.marked).toEqual([[later]]);
  });
});
