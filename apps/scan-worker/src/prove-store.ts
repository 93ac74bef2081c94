import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ObjectStoreError, probePinning, type ObjectStore } from '@custody/storage';

const RETRY_MS = 2_000;

/** Resolves once the store has shown that it can pin; waits for a store that is away. @throws when it can not. */
export async function proveStore(store: ObjectStore): Promise<void> {
  for (;;) {
    try {
      await probePinning(store, 'copy');
      return;
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || !error.retryable) throw error;
      new Logger('scan-worker').warn(`waiting for the store: ${error.message}`);
      await delay(RETRY_MS);
    }
  }
}
