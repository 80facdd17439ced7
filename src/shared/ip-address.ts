import ipaddr from 'ipaddr.js';

/** Range that an address belongs to. */
export type IpAddressKind =
  | 'loopback'
  | 'unspecified'
  | 'multicast'
  | 'link-local'
  /** 10/8, 172.16/12, 192.168/16 (RFC 1918). */
  | 'private'
  /** 100.64/10 (RFC 6598): behind the router of a provider. */
  | 'shared'
  /** fc00::/7 (RFC 4193). */
  | 'unique-local'
  | 'global'
  /** Not assigned, or for documentation, benchmarks, broadcast, or IPv4 in IPv6: no peer has such an address. */
  | 'reserved';

export interface IpAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
  readonly kind: IpAddressKind;
  /** Canonical spelling (RFC 5952 for IPv6), without zone. */
  readonly text: string;
}

/** Kinds by the package's names of ranges; every other special range counts as reserved. */
const KINDS: Readonly<Record<string, IpAddressKind>> = {
  unicast: 'global',
  loopback: 'loopback',
  unspecified: 'unspecified',
  multicast: 'multicast',
  linkLocal: 'link-local',
  private: 'private',
  carrierGradeNat: 'shared',
  uniqueLocal: 'unique-local',
};

/** Longest spelling: eight groups, the last two as an IPv4 address. */
const TEXT_MAX = 45;

/**
 * Reads an IP address strictly: no zone, port, brackets, leading zeros, octal or hexadecimal IPv4. Whether an address may
 * be dialled depends on its kind, so no unusual spelling may get past this. An IPv4 address mapped into IPv6
 * (::ffff:a.b.c.d) is read as IPv4.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > TEXT_MAX || /[^\dA-Fa-f:.]/.test(text)) return undefined;
  if (!text.includes(':')) {
    const address = parseVersion4(text);
    return address && fromVersion4(address);
  }
  const groups = withoutDots(text);
  if (groups === undefined || !ipaddr.IPv6.isValid(groups)) return undefined;
  const address = ipaddr.IPv6.parse(groups);
  return address.isIPv4MappedAddress() ? fromVersion4(address.toIPv4Address()) : fromVersion6(address);
}

/** Whether a host is this machine only: `localhost` or a loopback address. Plaintext is allowed on such a host only. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || parseIpAddress(host)?.kind === 'loopback';
}

function parseVersion4(text: string): ipaddr.IPv4 | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
}

/** Spells an IPv4 tail as two groups: the package takes the deprecated `::a.b.c.d` for the mapped `::ffff:a.b.c.d`. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const tail = text.lastIndexOf(':') + 1;
  const address = parseVersion4(text.slice(tail));
  if (address === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = address.octets;
  return `${text.slice(0, tail)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function fromVersion4(address: ipaddr.IPv4): IpAddress {
  const kind = KINDS[address.range()] ?? 'reserved';
  return { family: 4, bytes: address.toByteArray(), kind, text: address.toString() };
}

function fromVersion6(address: ipaddr.IPv6): IpAddress {
  const kind = KINDS[address.range()] ?? 'reserved';
  // Of the global range only 2000::/3 is assigned.
  const isAssigned = ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
  return {
    family: 6,
    bytes: address.toByteArray(),
    kind: kind === 'global' && !isAssigned ? 'reserved' : kind,
    text: address.toRFC5952String(),
  };
}
