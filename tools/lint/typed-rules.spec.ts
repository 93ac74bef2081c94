import { describe, expect, it } from '@jest/globals';
import { brokenRules } from './lint-text.ts';

const union = "type State = 'clean' | 'held';\n";
const twins = [
  {
    why: 'a promise is awaited',
    rule: '@typescript-eslint/no-floating-promises',
    bad: 'export function a(work: () => Promise<void>): void {\n  work();\n}\n',
    good: 'export async function a(work: () => Promise<void>): Promise<void> {\n  await work();\n}\n',
  },
  {
    why: 'no default over our own unions',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    bad: `${union}export function a(s: State): number {\n  switch (s) {\n    case 'clean':\n      return 1;\n    default:\n      return 2;\n  }\n}\n`,
    good: `${union}export function a(s: State): number {\n  switch (s) {\n    case 'clean':\n      return 1;\n    case 'held':\n      return 2;\n  }\n}\n`,
  },
  {
    why: 'every member is handled',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    bad: `${union}export function a(s: State): void {\n  switch (s) {\n    case 'clean':\n      return;\n  }\n}\n`,
    good: `${union}export function a(s: State): void {\n  switch (s) {\n    case 'clean':\n    case 'held':\n      return;\n  }\n}\n`,
  },
  {
    why: 'no any',
    rule: '@typescript-eslint/no-explicit-any',
    bad: 'export const a = (b: any): unknown => b;\n',
    good: 'export const a = (b: unknown): unknown => b;\n',
  },
];

describe('rules that need types', () => {
  it.each(twins)(
    '$rule: $why',
    async ({ rule, bad, good }) => {
      expect(await brokenRules('libs/domain/src/index.ts', bad)).toContain(rule);
      expect(await brokenRules('libs/domain/src/index.ts', good)).toEqual([]);
    },
    60_000,
  );
});
