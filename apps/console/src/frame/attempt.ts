import { problemWords } from '../words/problems.js';
import { complain } from './toasts.js';

/** Does it, and says so when it fails; whether it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    complain(problemWords(error));
    return false;
  }
}
