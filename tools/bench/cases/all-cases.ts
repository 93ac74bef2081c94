import type { BenchCase } from '../bench-case.ts';
import { claim, enqueue } from './backlog.ts';
import { confirm } from './confirm.ts';
import { expiry } from './expiry.ts';
import { largeScan } from './large-scan.ts';
import { listFilters, listUrls } from './list-files.ts';
import { presign } from './presign.ts';
import { proxiedUpload } from './proxied-upload.ts';
import { downloadUrl, readGraphql, readRest } from './read-file.ts';
import { sdkUpload } from './sdk-upload.ts';
import { idleLatency, smallScans, twoWorkers } from './scanning.ts';
import { startUp } from './start-up.ts';
import { gatewayMemory, streaming } from './streaming.ts';

/** In the order of the table. */
export const CASES: readonly BenchCase[] = [
  presign,
  confirm,
  readRest,
  readGraphql,
  listUrls,
  listFilters,
  downloadUrl,
  streaming,
  proxiedUpload,
  sdkUpload,
  largeScan,
  smallScans,
  idleLatency,
  gatewayMemory,
  twoWorkers,
  expiry,
  enqueue,
  claim,
  startUp,
];
