import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

interface Holder extends ProcessIdentity {
  /** Where the running stack answers. */
  readonly url: string;
}

/** Another process already runs a stack on this data directory. */
export class AlreadyRunningError extends Error {
  readonly holder: Holder;

  constructor(holder: Holder) {
    super(`already running at ${holder.url} (process ${holder.pid})`);
    this.name = 'AlreadyRunningError';
    this.holder = holder;
  }
}

/**
 * Makes this process the only one to run a stack on `dir`. A lock whose process is gone is taken over.
 * @returns what gives the lock back
 * @throws AlreadyRunningError
 */
export async function takeLock(dir: string, url: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, 'lock');
  const self = identify(process.pid);
  if (!self) throw new Error('the local stack needs /proc, as Linux has it');
  for (;;) {
    const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
      throw error;
    });
    if (handle) {
      await handle.writeFile(JSON.stringify({ ...self, url } satisfies Holder));
      await handle.close();
      return () => rm(file, { force: true });
    }
    const holder = await readHolder(file);
    if (holder && isRunning(holder)) throw new AlreadyRunningError(holder);
    // Two newcomers may both find a stale lock and each remove it; the ports then stop the later one.
    await rm(file, { force: true });
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    // Gone again, or cut off by a crash while it was written.
    return undefined;
  }
}
