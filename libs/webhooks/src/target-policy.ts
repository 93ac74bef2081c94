import { isIP } from 'node:net';
import { AddressPolicy } from './address-policy.js';
import type { Names } from './names.js';

export interface TargetRules {
  /** Plain http as well: for tests and local work. */
  readonly allowHttp: boolean;
  readonly ports: 'any' | readonly number[];
  /** CIDR ranges that are opened beside the public addresses. */
  readonly openedAddresses: readonly string[];
}

export type RefusalReason = 'scheme' | 'credentials' | 'port' | 'address';

const MESSAGES: Readonly<Record<RefusalReason, string>> = {
  scheme: 'must be an absolute https URL',
  credentials: 'must not carry a user or password',
  port: 'must use a port webhooks may use',
  address: 'must lead to public addresses only',
};

/** A URL, or what its name resolves to, that webhooks must not reach (S37). The message holds no part of it. */
export class TargetRefused extends Error {
  constructor(readonly reason: RefusalReason) {
    super(MESSAGES[reason]);
    this.name = 'TargetRefused';
  }
}

/** Where to connect to. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Where webhooks may go. A URL is judged when it is registered and again before each connection, and the connection is made to the very
 * addresses that were judged: between the two there is no second look-up that could answer otherwise (DNS rebinding).
 */
export class TargetPolicy {
  private readonly addresses: AddressPolicy;

  constructor(
    private readonly rules: TargetRules,
    private readonly names: Names,
  ) {
    this.addresses = new AddressPolicy(rules.openedAddresses);
  }

  /** The URL as it will be used, without a fragment. Throws `TargetRefused`; names are not resolved here. */
  parse(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || url.hostname === '' || !this.speaks(url.protocol)) throw new TargetRefused('scheme');
    if (url.username !== '' || url.password !== '') throw new TargetRefused('credentials');
    if (!this.mayUse(portOf(url))) throw new TargetRefused('port');
    const literal = literalOf(url);
    if (literal !== null && !this.addresses.allows(literal)) throw new TargetRefused('address');
    url.hash = '';
    return url;
  }

  /** The addresses of a URL's host, every one of them allowed; none when the name has none. Throws `TargetRefused`. */
  async addressesOf(url: URL, signal: AbortSignal): Promise<readonly Address[]> {
    const literal = literalOf(url);
    const found = literal === null ? await this.names.addressesOf(url.hostname, signal) : [literal];
    if (!found.every((address) => this.addresses.allows(address))) throw new TargetRefused('address');
    return found.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
  }

  private speaks(protocol: string): boolean {
    return protocol === 'https:' || (protocol === 'http:' && this.rules.allowHttp);
  }

  private mayUse(port: number): boolean {
    return this.rules.ports === 'any' || this.rules.ports.includes(port);
  }
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The address a host is; null for a name. WHATWG URLs have already turned 0x7f.1, 017700000001 and the like into dotted form. */
function literalOf({ hostname }: URL): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}
