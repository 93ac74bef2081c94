import { describe, expect, it } from '@jest/globals';
import { runSteps } from './run-steps.ts';
import type { Step } from './step.ts';

const quiet = () => undefined;
const step = (name: string, run: Step['run'], after?: string): Step => ({ name, run, ...(after && { after }) });
const passes = () => Promise.resolve({ ok: true, output: '' });

describe('runSteps', () => {
  it('never runs more than allowed at once', async () => {
    let running = 0;
    let most = 0;
    const busy = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return passes();
    };
    await runSteps(
      Array.from({ length: 6 }, (_, i) => step(`s${i}`, busy)),
      2,
      quiet,
    );
    expect(most).toBe(2);
  });

  it('starts a step only after the one it waits for, even a failed one', async () => {
    const order: string[] = [];
    const note = (name: string, ok: boolean) => () => {
      order.push(name);
      return Promise.resolve({ ok, output: '' });
    };
    await runSteps([step('lint', note('lint', true), 'types'), step('types', note('types', false))], 2, quiet);
    expect(order).toEqual(['types', 'lint']);
  });

  it('counts a step that throws as failed and shows the error', async () => {
    const [finished] = await runSteps([step('a', () => Promise.reject(new Error('boom')))], 2, quiet);
    expect(finished).toMatchObject({ name: 'a', ok: false });
    expect(finished?.output).toContain('boom');
  });

  it('refuses to wait for a step that does not exist', async () => {
    await expect(runSteps([step('a', passes, 'nobody')], 2, quiet)).rejects.toThrow('a after nobody');
  });
});
