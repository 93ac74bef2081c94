// One Jest for three kinds of test; `npm test` selects them, `npx jest --selectProjects unit` runs one kind.
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true }] },
  moduleNameMapper: {
    '^@custody/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/\\.local'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

const slow = { ...base, setupFilesAfterEnv: ['<rootDir>/tools/test/slow-kinds.setup.ts'] };

export default {
  testSequencer: '<rootDir>/tools/test/longest-first.mjs',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    { ...slow, displayName: 'integration', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.integration-spec.ts'] },
    { ...slow, displayName: 'acceptance', testMatch: ['<rootDir>/apps/acceptance/**/*.acceptance-spec.ts'] },
  ],
};
