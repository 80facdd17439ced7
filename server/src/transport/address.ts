import { parseIpAddress } from '../../../src/shared/ip-address.ts';

/**
 * Canonical spelling of an address that the operating system gives: without zone, and IPv4 mapped into IPv6 as IPv4.
 */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const text = zone < 0 ? address : address.slice(0, zone);
  return parseIpAddress(text)?.text ?? text;
}

/** Whether an address is of this machine itself: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: string): boolean {
  return parseIpAddress(address)?.kind === 'loopback';
}

/**
 * The unit that limits per address count: an IPv4 address, or the first 64 bits of an IPv6 address. A provider usually
 * assigns a user at least a network of that size (RFC 6177), so the user could take another address for each connection.
 * @param address as of `plainAddress`
 */
export function addressGroup(address: string): string {
  const parsed = parseIpAddress(address);
  if (parsed?.family !== 6) return address;
  const group = (index: number): string =>
    (((parsed.bytes[index * 2] ?? 0) << 8) | (parsed.bytes[index * 2 + 1] ?? 0)).toString(16);
  return `${[0, 1, 2, 3].map(group).join(':')}::/64`;
}
