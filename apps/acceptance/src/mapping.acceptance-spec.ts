import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { System } from './harness/system.js';
import { p1 } from './mapping/p1.js';
import { p2 } from './mapping/p2.js';
import { p3 } from './mapping/p3.js';
import { p4 } from './mapping/p4.js';
import { p5 } from './mapping/p5.js';
import type { Scene } from './mapping/steps.js';

const PRODUCTS = { P1: p1, P2: p2, P3: p3, P4: p4, P5: p5 };
const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/mapping.md'), 'utf8');

/** The right-hand cells of one product's table, in order. */
function linesOf(product: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${product}:`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => (line.split('|')[2] as string).trim());
}

describe('docs/mapping.md', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ label: 'mapping' });
  }, 120_000);
  afterAll(() => system.stop());

  describe.each(Object.entries(PRODUCTS))('%s', (product, steps) => {
    let scene: Scene;
    beforeAll(async () => {
      scene = { system, client: await system.client(), left: new Map() };
    });

    it('has a test for every line and a line for every test, in the same order', () => {
      expect(linesOf(product).length).toBeGreaterThan(5);
      expect(steps.map(([here]) => here)).toEqual(linesOf(product));
    });

    it.each(steps.map(([here, run], at) => [at + 1, here, run] as const))(
      '%i. %s',
      async (_at, _here, run) => {
        await expect(run(scene)).resolves.toBeUndefined();
      },
      60_000,
    );
  });
});
