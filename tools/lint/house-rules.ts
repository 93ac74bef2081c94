import type { Linter } from 'eslint';
import { dependencyConstraints } from './layers.ts';
import { bannedSyntax, readsEnvironment } from './syntax.ts';
import type { Zone } from './syntax.ts';
import { restrictedApps, restrictedVendors } from './vendors.ts';

// A fixture is what several specs of one folder share.
const testSuffixes = ['spec', 'integration-spec', 'acceptance-spec', 'fixture'];

const fixtures = { group: ['**/*.fixture.js', '**/*.fixture.ts'], message: 'Fixtures are for tests.' };

/** Globs of the test files under a folder (`**` for all). */
export function testFilesOf(folder: string): string[] {
  return testSuffixes.map((suffix) => `${folder}/**/*.${suffix}.ts`);
}

/** Rules that differ by folder and zone. One block per pair, since a later block replaces a rule's options whole. */
export function houseRules(folders: readonly string[]): Linter.Config[] {
  const apps = restrictedApps(folders);
  return folders.flatMap((folder) => {
    const imports = [...restrictedVendors(folder), apps];
    return [
      {
        files: [`${folder}/**/*.{ts,tsx}`],
        rules: zoneRules(folder, folder === 'tools' ? 'tool' : 'source', [...imports, fixtures]),
      },
      { files: testFilesOf(folder), rules: zoneRules(folder, 'test', imports) },
    ];
  });
}

function zoneRules(folder: string, zone: Zone, patterns: object[]): Linter.RulesRecord {
  return {
    'no-restricted-syntax': ['error', ...bannedSyntax(folder, zone)],
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-properties': readsEnvironment(folder, zone)
      ? 'off'
      : ['error', { object: 'process', property: 'env', message: 'The environment is read in libs/config only.' }],
    ...(folder === 'tools' ? {} : { '@nx/enforce-module-boundaries': ['error', boundaries(zone)] }),
  };
}

function boundaries(zone: Zone) {
  return {
    allow: [],
    enforceBuildableLibDependency: false,
    allowCircularSelfDependency: false,
    banTransitiveDependencies: false,
    depConstraints: dependencyConstraints({ inTests: zone === 'test' }),
  };
}
