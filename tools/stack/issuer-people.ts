/** Somebody the local issuer can sign in. */
export interface Person {
  readonly key: string;
  readonly name: string;
  /** What they are, for the page. */
  readonly role: string;
  readonly organisation: string;
  readonly tenant: string;
  readonly user: string;
  /** Separated by spaces: the most they may ask for. */
  readonly scope: string;
  readonly groups: readonly string[];
}

const NORTHGATE = { organisation: 'Northgate Housing', tenant: '3f0f7f0a-8d8e-4a6b-9d52-1f1c0d3f1a11' };
const HARBOUR = { organisation: 'Harbour Legal', tenant: '8c1d5b4e-2a37-4f90-b6e8-5d0a9c7e3f22' };
const CASE_WORKER = 'files:read files:write files:export';

/** The first one has the tenant and user of the README. */
export const PEOPLE: readonly Person[] = [
  {
    key: 'mara',
    name: 'Mara Lindqvist',
    role: 'Case worker',
    ...NORTHGATE,
    user: '7a1e2c7e-5a3c-4c0e-8f43-2b8f6a0c9d22',
    scope: CASE_WORKER,
    groups: [],
  },
  {
    key: 'ben',
    name: 'Ben Okafor',
    role: 'Case worker',
    ...NORTHGATE,
    user: '1d9b0f5c-7c0e-4b7d-a2d1-63f4c1f0e833',
    scope: CASE_WORKER,
    groups: [],
  },
  {
    key: 'ada',
    name: 'Ada Hoffmann',
    role: 'Administrator',
    ...NORTHGATE,
    user: '5b8e4a10-93c6-4d2f-8a7b-0c1d2e3f4a44',
    scope: `${CASE_WORKER} files:admin`,
    groups: [],
  },
  {
    key: 'ivo',
    name: 'Ivo Petrov',
    role: 'Auditor, may only look',
    ...NORTHGATE,
    user: 'c2f7d6a9-4e1b-4a58-9f30-7b6a5c4d3e55',
    scope: 'files:read',
    groups: [],
  },
  {
    key: 'chiara',
    name: 'Chiara Conti',
    role: 'Case worker',
    ...HARBOUR,
    user: 'e4a3b2c1-d0f9-4e8d-b7c6-a5b4c3d2e166',
    scope: CASE_WORKER,
    groups: [],
  },
];
