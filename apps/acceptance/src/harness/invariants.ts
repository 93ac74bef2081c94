import { checkInvariants } from '@custody/testing';
import type { System } from './system.js';

/** What I1–I10 of the safety list find wrong with a system that has come to rest; nothing, one hopes. */
export async function checkSystem(system: System): Promise<unknown[]> {
  return checkInvariants({
    databaseUrl: system.adminUrl,
    s3: system.store.s3,
    stagingBucket: system.store.staging,
    mainBucket: system.store.main,
  });
}
