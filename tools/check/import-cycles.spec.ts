import { describe, expect, it } from '@jest/globals';
import { findCycles, runtimeImports } from './import-cycles.ts';

describe('import cycles', () => {
  it('finds a circle of any length, and a file that imports itself', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
      ['e', ['e']],
    ]);
    expect(findCycles(graph)).toEqual([['a', 'b', 'c'], ['e']]);
  });

  it('finds two circles that share a file as one', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['a']],
      ['c', ['a']],
    ]);
    expect(findCycles(graph)).toEqual([['a', 'b', 'c']]);
  });

  it('accepts a diamond', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
      ['d', []],
    ]);
    expect(findCycles(graph)).toEqual([]);
  });

  it('counts value imports and re-exports, not types', () => {
    const text =
      "import type { A } from './a.js';\nimport { B } from './b.js';\nexport * from './c.js';\nexport type { D } from './d.js';\n";
    expect(runtimeImports(text)).toEqual(['./b.js', './c.js']);
  });
});
