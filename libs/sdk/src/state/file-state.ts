import { builtin } from '../node/builtin.js';
import { readState } from './upload-state.js';
import type { StateStore, UploadState } from './upload-state.js';

/** States as files of one folder that only their owner can read (Node). */
export class FileState implements StateStore {
  /** @param folder made when it is missing; absent: `.custody/uploads` in the home folder */
  constructor(private readonly folder?: string) {}

  async get(key: string): Promise<UploadState | undefined> {
    const state = await this.read(this.pathOf(key));
    return state?.key === key ? state : undefined;
  }

  async set(state: UploadState): Promise<void> {
    const { mkdir, rename, writeFile } = builtin('fs').promises;
    const path = this.pathOf(state.key);
    await mkdir(this.place, { recursive: true, mode: 0o700 });
    // A reader sees the old state or the new one, never half of it.
    const fresh = `${path}.${state.idempotencyKey}.new`;
    await writeFile(fresh, JSON.stringify(state), { mode: 0o600 });
    await rename(fresh, path);
  }

  async delete(key: string): Promise<void> {
    await builtin('fs').promises.rm(this.pathOf(key), { force: true });
  }

  async list(): Promise<readonly UploadState[]> {
    const names = await builtin('fs')
      .promises.readdir(this.place)
      .catch((error: unknown) => noneWhenAbsent(error, []));
    const paths = names.filter((name) => name.endsWith('.json')).map((name) => builtin('path').join(this.place, name));
    return (await Promise.all(paths.map((path) => this.read(path)))).filter((state) => state !== undefined);
  }

  private get place(): string {
    return this.folder ?? builtin('path').join(builtin('os').homedir(), '.custody', 'uploads');
  }

  private pathOf(key: string): string {
    return builtin('path').join(this.place, `${builtin('crypto').createHash('sha256').update(key).digest('hex')}.json`);
  }

  private async read(path: string): Promise<UploadState | undefined> {
    const text = await builtin('fs')
      .promises.readFile(path, 'utf8')
      .catch((error: unknown) => noneWhenAbsent(error, undefined));
    if (text === undefined) return undefined;
    try {
      return readState(JSON.parse(text));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

function noneWhenAbsent<T>(error: unknown, none: T): T {
  if ((error as { readonly code?: string }).code === 'ENOENT') return none;
  throw error;
}
