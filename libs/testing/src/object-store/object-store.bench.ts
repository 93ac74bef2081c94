import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectStoreShape, Pinned } from './object-store.shape.js';

export const TEXT = { contentType: 'text/plain' };

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The store under test with keys of its own and everything it wrote removed afterwards. */
export class ObjectStoreBench {
  readonly #prefix = `${randomUUID()}/staging`;
  readonly #keys = new Set<string>();

  /** `conditionalPut`: the store honours `If-None-Match` on a versioned bucket, which S3 does and Ceph 16 does not. */
  constructor(
    readonly store: ObjectStoreShape,
    readonly conditionalPut: boolean,
  ) {}

  get prefix(): string {
    return this.#prefix;
  }

  newKey(): string {
    const key = `${this.#prefix}/${randomUUID()}/${randomUUID()}`;
    this.#keys.add(key);
    return key;
  }

  /** Writes `bytes` and names the version that holds them. */
  async put(bytes: Buffer | string, key = this.newKey()): Promise<Pinned> {
    const { versionId } = await this.store.putStream(key, Readable.from([Buffer.from(bytes)]), TEXT);
    return { bucket: 'staging', key, versionId };
  }

  async read(opened: Promise<{ body: Readable }>): Promise<Buffer> {
    return Buffer.concat(await (await opened).body.toArray());
  }

  async clear(): Promise<void> {
    const cleared = [...this.#keys].map(async (key) => {
      await this.store.deleteStaging(key);
      await this.store.deleteMain(key);
    });
    await Promise.all(cleared);
    this.#keys.clear();
  }
}

/** `bytes` random bytes in chunks, which cannot be rewound or sized beforehand. */
export function randomStream(bytes: number, hash = createHash('sha256')): { body: Readable; digest: () => string } {
  async function* chunks() {
    for (let left = bytes; left > 0; left -= 65_536) {
      const chunk = randomBytes(Math.min(left, 65_536));
      hash.update(chunk);
      yield chunk;
    }
  }
  return { body: Readable.from(chunks(), { objectMode: false }), digest: () => hash.digest('hex') };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
