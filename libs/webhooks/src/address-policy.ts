import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Global unicast as IANA assigns it (RFC 4291, 2.4): whatever lies outside is special, known to a list of ranges or not. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Documentation (RFC 9637). */
const DOCUMENTATION_IPV6 = ipaddr.IPv6.parseCIDR('3fff::/20');

/**
 * Which addresses a webhook may connect to (S37): public unicast, and what the operator opens. Addresses that carry another one
 * inside them (mapped, compatible, NAT64, 6to4, Teredo) are never public: where they lead is not ours to know.
 */
export class AddressPolicy {
  private readonly opened: readonly Range[];

  /** @param opened CIDR ranges (`10.1.0.0/16`, `fd00::/8`); throws for anything else. */
  constructor(opened: readonly string[]) {
    this.opened = opened.map((range) => ipaddr.parseCIDR(range));
  }

  /** `address` is an IPv4 or IPv6 address in text; anything else, and one with a zone, is refused. */
  allows(address: string): boolean {
    if (isIP(address) === 0 || address.includes('%')) return false;
    const parsed = ipaddr.parse(address);
    return this.opened.some((range) => within(parsed, range)) || isPublic(parsed);
  }
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (within(address, GLOBAL_IPV6) && !within(address, DOCUMENTATION_IPV6));
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}
