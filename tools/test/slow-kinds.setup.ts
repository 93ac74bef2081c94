import { jest } from '@jest/globals';

// Real services on a busy machine. Jest heeds `testTimeout` of a whole run, but not that of one of its projects.
jest.setTimeout(30_000);
