import { isIP, isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address as the operating system tells it, without the IPv6 dress of an IPv4 address and without zone. */
export function plainAddress(address: string): string {
  const mapped = MAPPED_IPV4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

/** Whether an address (as of `plainAddress`) is this machine itself: 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Whether a host to listen on is this machine only: a loopback address or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(plainAddress(host)));
}

/**
 * What limits per address count: an IPv4 address, or the first 64 bits of an IPv6 address, because one person
 * is usually given that many (RFC 6177) and could come from another of them each time.
 * @param address as of `plainAddress`
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (before.length + after.length < 8) before.push('0');
    before.push(...after);
  }
  return `${before.slice(0, 4).join(':')}::/64`;
}
