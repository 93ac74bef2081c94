import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the range that the kernel takes the ports of outgoing connections from (32768 and up): a port of that range can be lost
 * to any connection before its process listens. Throw-away stacks take theirs from 22000 up.
 */
const [LOWEST, END] = [10_000, 22_000];

/** A process is slow to listen on what it was given: nobody here is given it twice. */
const given = new Set<number>();

/** A loopback port that nobody listens on and that no other caller in this process was given. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(LOWEST, END);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${END}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
