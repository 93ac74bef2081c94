import type { StagedVersion } from '@custody/storage';

/** One key of the staging bucket, whatever number of versions and delete markers it has. */
export interface StagedKey {
  readonly key: string;
  /** Of the youngest of them. */
  readonly lastModified: Date;
}

/** Folds versions, which come in key order, into keys. */
export async function* stagedKeys(versions: AsyncIterable<StagedVersion>): AsyncGenerator<StagedKey> {
  let current: StagedKey | null = null;
  for await (const { key, lastModified } of versions) {
    if (current !== null && current.key !== key) yield current;
    const youngest: Date =
      current?.key === key && current.lastModified > lastModified ? current.lastModified : lastModified;
    current = { key, lastModified: youngest };
  }
  if (current !== null) yield current;
}
