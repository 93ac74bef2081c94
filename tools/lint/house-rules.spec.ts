import { describe, expect, it } from '@jest/globals';
import { brokenSyntaxRules } from './lint-text.ts';

interface Twin {
  readonly why: string;
  readonly rule: string;
  readonly bad: readonly [path: string, code: string];
  readonly good: readonly [path: string, code: string];
}

const use = (name: string) => `import { x } from '${name}';\nexport const y: unknown = x;\n`;
const boundary = '@nx/enforce-module-boundaries';
const imports = 'no-restricted-imports';
const syntax = 'no-restricted-syntax';

const layers: Twin[] = [
  ['an app imports no app', 'apps/files-api', '../../scan-worker/src/main.js', 'apps/files-api', '@custody/data'],
  ['platform libraries do not import each other', 'libs/data', '@custody/queues', 'libs/data', '@custody/contracts'],
  ['platform does not import apps', 'libs/auth', '../../../apps/files-api/src/main.js', 'libs/auth', '@custody/domain'],
  ['config imports no platform', 'libs/config', '@custody/storage', 'libs/config', '@custody/domain'],
  ['a use-case imports no app', 'libs/confirm', '../../../apps/files-api/src/main.js', 'libs/confirm', '@custody/data'],
  ['platform imports no use-case', 'libs/data', '@custody/confirm', 'apps/files-api', '@custody/confirm'],
  ['contracts import only domain', 'libs/contracts', '@custody/config', 'libs/contracts', '@custody/domain'],
  ['domain imports nothing', 'libs/domain', '@custody/contracts', 'libs/contracts', '@custody/domain'],
  ['acceptance imports no server library', 'apps/acceptance', '@custody/domain', 'apps/acceptance', '@custody/testing'],
  ['the SDK imports nothing of ours', 'libs/sdk', '@custody/domain', 'apps/acceptance', '@custody/sdk'],
  ['testing imports no platform', 'libs/testing', '@custody/storage', 'libs/testing', '@custody/domain'],
  ['a relative path does not go around', 'libs/data', '../../queues/src/index.js', 'libs/data', './rows.js'],
].map(([why, badFolder, badImport, goodFolder, goodImport]) => ({
  why: why ?? '',
  rule: boundary,
  bad: [`${badFolder}/src/example.ts`, use(badImport ?? '')],
  good: [`${goodFolder}/src/example.ts`, use(goodImport ?? '')],
}));

const testingOnlyInTests: Twin = {
  why: 'testing is imported by tests only',
  rule: boundary,
  bad: ['apps/files-api/src/example.ts', use('@custody/testing')],
  good: ['apps/files-api/src/example.integration-spec.ts', use('@custody/testing')],
};

const vendors: Twin[] = [
  ['libs/queues', 'libs/data', '@prisma/client'],
  ['apps/files-api', 'libs/data', '@prisma/adapter-pg'],
  ['apps/staging-reaper', 'libs/data', 'pg'],
  ['apps/scan-worker', 'libs/storage', '@aws-sdk/client-s3'],
  ['apps/files-api', 'libs/testing', '@aws-sdk/client-s3'],
  ['libs/testing', 'libs/data', '@prisma/client'],
  ['libs/data', 'libs/queues', 'bullmq'],
  ['apps/notifier', 'libs/queues', 'ioredis'],
  ['apps/scan-worker', 'libs/queues', '@nestjs/bullmq'],
  ['libs/storage', 'apps/acceptance', 'bullmq'],
].map(([stranger, home, vendor]) => ({
  why: `${vendor ?? ''} is not imported in ${stranger ?? ''}`,
  rule: imports,
  bad: [`${stranger}/src/example.ts`, use(vendor ?? '')],
  good: [`${home}/src/example.ts`, use(vendor ?? '')],
}));

const fixturesInTests: Twin = {
  why: 'fixtures are imported by tests only',
  rule: imports,
  bad: ['apps/files-api/src/example.ts', use('./rows.fixture.js')],
  good: ['apps/files-api/src/example.spec.ts', use('./rows.fixture.js')],
};

const appsByName: Twin = {
  why: 'an app is not imported by its name either',
  rule: imports,
  bad: ['apps/files-api/src/example.ts', use('@custody/scan-worker')],
  good: ['apps/files-api/src/example.ts', use('@custody/domain')],
};

const environment: Twin[] = [
  ['process.env', 'no-restricted-properties', 'export const port: unknown = process.env["PORT"];\n'],
  ['globalThis.process.env', syntax, 'export const port: unknown = globalThis.process.env["PORT"];\n'],
  ['destructured', 'no-restricted-properties', 'const { env } = process;\nexport const port: unknown = env;\n'],
  ['imported', syntax, 'import { env } from "node:process";\nexport const port: unknown = env;\n'],
].map(([why, rule, code]) => ({
  why: `the environment is read in config only: ${why ?? ''}`,
  rule: rule ?? '',
  bad: ['apps/files-api/src/example.ts', code ?? ''],
  good: ['libs/config/src/example.ts', code ?? ''],
}));

const inTest = (body: string) => `import { describe, expect, it } from '@jest/globals';\n${body}\n`;
const alone = ['only', 'skip', 'todo'];
const tests: Twin[] = [
  ...['it', 'describe', 'test'].flatMap((name) => alone.map((how) => [`${name}.${how}`, `${name}.${how}('a', f);`])),
  ['it.skip.each', 'it.skip.each([1])("a", f);'],
  ['aliased', 'const maybe = flag ? it : it.skip;'],
  ['xit', 'xit("a", f);'],
  ['a sleep', 'await new Promise((resolve) => setTimeout(resolve, 100));'],
].map(([why, code]) => ({
  why: `tests run and wait for conditions: ${why ?? ''}`,
  rule: syntax,
  bad: ['libs/domain/src/example.spec.ts', inTest(code ?? '')],
  good: ['libs/domain/src/example.spec.ts', inTest('it.each([1])("a", f);')],
}));

const habits: Twin[] = [
  {
    why: 'no default exports',
    rule: syntax,
    bad: ['libs/domain/src/example.ts', 'export default 1;\n'],
    good: ['libs/domain/src/example.ts', 'export const one = 1;\n'],
  },
  {
    why: 'a disabled rule says why',
    rule: '@eslint-community/eslint-comments/require-description',
    bad: ['libs/domain/src/example.ts', '// eslint-disable-next-line no-console\nconsole.log(1);\n'],
    good: [
      'libs/domain/src/example.ts',
      '// eslint-disable-next-line no-console -- the CLI answers here\nconsole.log(1);\n',
    ],
  },
  {
    why: 'transactions live in data',
    rule: syntax,
    bad: ['apps/files-api/src/example.ts', 'export const run = (db: { $transaction(): void }) => db.$transaction();\n'],
    good: ['libs/data/src/example.ts', 'export const run = (db: { $transaction(): void }) => db.$transaction();\n'],
  },
  {
    why: 'at most five constructor dependencies',
    rule: syntax,
    bad: ['libs/domain/src/example.ts', 'export class A { constructor(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) {} }\n'],
    good: ['libs/domain/src/example.ts', 'export class A { constructor(a: 1, b: 1, c: 1, d: 1, e: 1) {} }\n'],
  },
  {
    why: 'file names are kebab-case',
    rule: 'custody/file-name',
    bad: ['libs/domain/src/objectKeys.ts', 'export const a = 1;\n'],
    good: ['libs/domain/src/object-keys.ts', 'export const a = 1;\n'],
  },
  {
    why: 'there is no utils',
    rule: 'custody/file-name',
    bad: ['libs/domain/src/utils/keys.ts', 'export const a = 1;\n'],
    good: ['libs/domain/src/keys/keys.ts', 'export const a = 1;\n'],
  },
  {
    why: 'nothing is left for later',
    rule: 'no-warning-comments',
    bad: ['libs/domain/src/example.ts', ['// TO', 'DO later\nexport const a = 1;\n'].join('')],
    good: ['libs/domain/src/example.ts', '// RFC 9110 14.1.2\nexport const a = 1;\n'],
  },
];

describe('the rules of the house, each broken once beside a legal twin', () => {
  it.each([
    ...layers,
    testingOnlyInTests,
    ...vendors,
    appsByName,
    fixturesInTests,
    ...environment,
    ...tests,
    ...habits,
  ])(
    '$rule: $why',
    async ({ rule, bad, good }) => {
      expect(await brokenSyntaxRules(...bad)).toContain(rule);
      expect(await brokenSyntaxRules(...good)).not.toContain(rule);
    },
    // The first one loads ESLint, TypeScript and the project graph.
    60_000,
  );
});
