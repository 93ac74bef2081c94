import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findLeaks } from './log-secrets.ts';
import type { KnownSecret } from './log-secrets.ts';
import type { Tally } from './tally.ts';

/** The store's own daemons log the requests they get, signed URLs among them; that is not our log. */
const notOurs = /^ceph-[a-z]+\.log$/;

/** Searches every log of a run for secrets (S35); counts as one test and prints where it found some. */
export async function searchLogs(folder: string, secrets: readonly KnownSecret[]): Promise<Tally> {
  let searched = 0;
  const found: string[] = [];
  for (const file of await logFiles(folder)) {
    searched++;
    const leaks = findLeaks(await readFile(file, 'utf8'), secrets);
    found.push(...leaks.map(({ line, kind }) => `${file}:${line}: ${kind}`));
  }
  console.log(`S35: ${found.length} secrets in ${searched} logs`);
  for (const place of found.slice(0, 20)) console.log(`  ${place}`);
  return found.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function logFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.log') && !notOurs.test(name)).map((name) => join(folder, name));
}
