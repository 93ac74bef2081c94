import { describe, expect, it } from '@jest/globals';
import { inLanes } from './lanes.js';

const never = new AbortController().signal;

describe('inLanes', () => {
  it('does each item once, in order, so many at a time', async () => {
    let under = 0;
    let most = 0;
    const begun: number[] = [];
    await inLanes([1, 2, 3, 4, 5, 6, 7], 3, never, async (item) => {
      begun.push(item);
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
    });
    expect({ begun, most }).toEqual({ begun: [1, 2, 3, 4, 5, 6, 7], most: 3 });
  });

  it('stops the others by their signal and throws the first failure', async () => {
    const begun: number[] = [];
    const stopped: number[] = [];
    const work = async (item: number, signal: AbortSignal) => {
      begun.push(item);
      if (item === 2) throw new Error('the second');
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(item);
          reject(new Error('the first'));
        });
      });
    };
    await expect(inLanes([1, 2, 3, 4], 2, never, work)).rejects.toThrow('the second');
    expect({ begun, stopped }).toEqual({ begun: [1, 2], stopped: [1] });
  });

  it('throws the reason of an abort', async () => {
    const abort = new AbortController();
    const work = async () => abort.abort(new Error('enough'));
    await expect(inLanes([1, 2, 3], 1, abort.signal, work)).rejects.toThrow('enough');
  });
});
