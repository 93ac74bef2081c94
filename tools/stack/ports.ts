import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/** Loopback port of each service; `ceph` and the `CEPH_SPAN - 1` ports after it are the store's own. */
export interface Ports {
  readonly api: number;
  readonly worker: number;
  readonly reaper: number;
  readonly notifier: number;
  readonly postgres: number;
  readonly redis: number;
  readonly s3: number;
  readonly clamd: number;
  readonly issuer: number;
  readonly ceph: number;
}

/** monitor 1, disk 4, manager and spare 3 */
export const CEPH_SPAN = 8;
const SPAN = 20;
// Below the kernel's ephemeral range (32768 and up), so no outgoing connection sits on one.
const [LOWEST, HIGHEST] = [22_000, 32_000];

/** The ports of a stack whose block begins at `base`; `api` can lie elsewhere. */
export function portsFrom(base: number, api = base): Ports {
  return {
    api,
    worker: base + 1,
    reaper: base + 2,
    notifier: base + 3,
    postgres: base + 4,
    redis: base + 5,
    s3: base + 6,
    clamd: base + 7,
    issuer: base + 8,
    ceph: base + 10,
  };
}

/** A block nobody listens on at the moment, for throw-away stacks. */
export async function freePorts(): Promise<Ports> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = randomInt(LOWEST / SPAN, HIGHEST / SPAN) * SPAN;
    const block = Array.from({ length: SPAN }, (_, offset) => base + offset);
    if ((await Promise.all(block.map(isFree))).every(Boolean)) return portsFrom(base);
  }
  throw new Error(`no ${SPAN} free ports in a row between ${LOWEST} and ${HIGHEST}`);
}

/** Every port a stack will listen on, with what it is for. */
export function claimedPorts({ ceph, ...single }: Ports): ReadonlyArray<readonly [string, number]> {
  const block = Array.from({ length: CEPH_SPAN }, (_, offset) => ['ceph', ceph + offset] as const);
  return [...Object.entries(single), ...block];
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
