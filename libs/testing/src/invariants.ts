import type { S3Client } from '@aws-sdk/client-s3';
import { databaseEvidence } from './invariants/database-evidence.js';
import { databaseViolations, type Expectations } from './invariants/database-invariants.js';
import { storeViolations } from './invariants/store-invariants.js';
import type { Violation } from './invariants/violation.js';

export type { Violation } from './invariants/violation.js';

export interface InvariantsOptions extends Partial<Expectations> {
  /** Of a role that sees every row: the operator's. */
  readonly databaseUrl: string;
  /** The store as its owner sees it. */
  readonly s3: S3Client;
  readonly stagingBucket: string;
  readonly mainBucket: string;
  /** Bytes; larger objects are compared by size only. Default 64 MiB. */
  readonly rehashUpTo?: number;
  /** Seconds; default 25 h, the default TTL and grace. */
  readonly stagingMaxAgeSec?: number;
}

/**
 * Checks I1 to I10 over one database and the objects of its tenants; an empty answer means that all of them hold. Made to
 * be asked after every fault. What only time can tell is checked when the caller says so (`settled`, `published`).
 */
export async function checkInvariants(options: InvariantsOptions): Promise<Violation[]> {
  const { databaseUrl, settled = false, published = false, pendingLimit = 100 } = options;
  const { rehashUpTo = 64 * 1024 ** 2, stagingMaxAgeSec = 25 * 3_600 } = options;
  const evidence = await databaseEvidence(databaseUrl);
  return [
    ...databaseViolations(evidence, { settled, published, pendingLimit }),
    ...(await storeViolations({ ...options, rehashUpTo, stagingMaxAgeSec }, evidence)),
  ];
}
