import { Tally } from './tally.js';

/** Forgets `batch` rows at a time until fewer are left, so that no transaction grows with what has piled up. */
export async function trimInBatches(
  batch: number,
  signal: AbortSignal,
  trim: (limit: number) => Promise<number>,
): Promise<Tally> {
  const tally = new Tally();
  let trimmed: number;
  do {
    trimmed = await trim(batch);
    tally.count('trimmed', trimmed);
  } while (trimmed === batch && !signal.aborted);
  return tally;
}
