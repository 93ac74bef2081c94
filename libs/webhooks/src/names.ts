import { Resolver } from 'node:dns/promises';

/** Turns a host name into its addresses; none when there is no such name or nobody answers. */
export interface Names {
  addressesOf(name: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** RFC 6761, 6.3: these never leave the machine, whatever a name server says. */
const LOCALHOST = /(^|\.)localhost\.?$/i;

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** Asks name servers itself: no hosts file and no search domains, so a name means the same everywhere. */
export class NameServers implements Names {
  /** @param servers `address` or `address:port`; empty: those of the system. */
  constructor(private readonly servers: readonly string[]) {}

  async addressesOf(name: string, signal: AbortSignal): Promise<readonly string[]> {
    if (LOCALHOST.test(name)) return ['127.0.0.1', '::1'];
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (this.servers.length > 0) resolver.setServers(this.servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      // A server may fail for one family and answer for the other; what it answers is all that is connected to.
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      signal.throwIfAborted();
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
