import type { Outcome, Step } from './step.ts';

/** A step that ended: its outcome and how long it took in milliseconds. */
export interface Finished extends Outcome {
  readonly name: string;
  readonly milliseconds: number;
}

/**
 * Runs `steps` in their order, `atOnce` of them together; a step waits for the one it names in `after`, whatever that
 * one's outcome. A step that throws has failed. `report` is called as each ends.
 */
export async function runSteps(
  steps: readonly Step[],
  atOnce: number,
  report: (finished: Finished) => void,
): Promise<Finished[]> {
  const waiting = [...steps];
  const done = new Map<string, Finished>();
  const running = new Set<Promise<void>>();

  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(({ after }) => after === undefined || done.has(after));
    if (next >= 0 && running.size < atOnce) {
      const [step] = waiting.splice(next, 1);
      if (step === undefined) continue;
      const run = runStep(step).then((finished) => {
        done.set(step.name, finished);
        running.delete(run);
        report(finished);
      });
      running.add(run);
    } else if (running.size > 0) {
      await Promise.race(running);
    } else {
      throw new Error(
        `no such step to wait for: ${waiting.map(({ name, after }) => `${name} after ${after ?? ''}`).join()}`,
      );
    }
  }
  return [...done.values()];
}

async function runStep(step: Step): Promise<Finished> {
  const started = performance.now();
  const outcome = await step.run().catch((error: unknown): Outcome => ({ ok: false, output: describe(error) }));
  return { name: step.name, milliseconds: performance.now() - started, ...outcome };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
