import type { BenchCase } from '../bench-case.ts';
import { confirm } from './confirm.ts';
import { listFilters, listUrls } from './list-files.ts';
import { presign } from './presign.ts';
import { downloadUrl, readGraphql, readRest } from './read-file.ts';

/** In the order of the table. */
export const CASES: readonly BenchCase[] = [
  presign,
  confirm,
  readRest,
  readGraphql,
  listUrls,
  listFilters,
  downloadUrl,
];
