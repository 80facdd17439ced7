/** What an address is good for, as far as a peer is concerned. */
export type AddressKind =
  | 'loopback'
  | 'unspecified'
  | 'multicast'
  | 'link-local'
  /** 10/8, 172.16/12, 192.168/16 (RFC 1918). */
  | 'private'
  /** 100.64/10 (RFC 6598): behind a provider's router. */
  | 'shared'
  /** fc00::/7 (RFC 4193). */
  | 'unique-local'
  | 'global'
  /** For documents, benchmarks, broadcasts and what is not assigned: nobody is there. */
  | 'reserved';

export interface ParsedAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
  readonly kind: AddressKind;
  /** In its canonical spelling (RFC 5952 for version 6), without zone. */
  readonly text: string;
}

const DECIMAL = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

/**
 * Reads an IP address strictly: no leading zeros, no octal or hexadecimal parts of version 4, no zones, no ports. Written
 * here because the core has neither Node's `net.isIP` nor a need for a package: whether an address may be dialled is
 * decided on the bytes, so that no spelling slips past the rules. A version 4 address in the dress of version 6
 * (::ffff:a.b.c.d) is judged as version 4.
 */
export function parseAddress(text: string): ParsedAddress | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) {
    const bytes = parseVersion4(text);
    return bytes && { family: 4, bytes, kind: kindOfVersion4(bytes), text: bytes.join('.') };
  }
  const bytes = parseVersion6(text);
  if (bytes === undefined) return undefined;
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) {
    return parseAddress(bytes.slice(12).join('.'));
  }
  return { family: 6, bytes, kind: kindOfVersion6(bytes), text: spellVersion6(bytes) };
}

function parseVersion4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseVersion6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

/** @param last whether a version 4 address may stand at the end */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (last && index === groups.length - 1 && group.includes('.')) {
      const four = parseVersion4(group);
      if (four === undefined) return undefined;
      bytes.push(...four);
    } else if (GROUP.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return bytes;
}

function kindOfVersion4([a = 0, b = 0, c = 0]: readonly number[]): AddressKind {
  if (a === 0) return 'unspecified';
  if (a === 127) return 'loopback';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private';
  if (a === 100 && b >= 64 && b < 128) return 'shared';
  if (a === 169 && b === 254) return 'link-local';
  if (a >= 224 && a < 240) return 'multicast';
  const documents = (a === 192 && b === 0 && (c === 0 || c === 2)) || (a === 203 && b === 0 && c === 113);
  const benchmarks = (a === 198 && (b === 18 || b === 19)) || (a === 198 && b === 51 && c === 100);
  return a >= 240 || documents || benchmarks ? 'reserved' : 'global';
}

function kindOfVersion6(bytes: readonly number[]): AddressKind {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  if (bytes.slice(0, 15).every((byte) => byte === 0)) {
    if (bytes[15] === 0) return 'unspecified';
    if (bytes[15] === 1) return 'loopback';
  }
  if (a === 0xff) return 'multicast';
  if (a === 0xfe && (b & 0xc0) === 0x80) return 'link-local';
  if ((a & 0xfe) === 0xfc) return 'unique-local';
  if ((a & 0xe0) !== 0x20) return 'reserved';
  // Only 2000::/3 is assigned; within it 2001:db8::/32 is for documents, 2001::/32 and 2002::/16 hide a version 4 address.
  if (a === 0x20 && b === 0x01 && ((c === 0x0d && d === 0xb8) || (c === 0 && d === 0))) return 'reserved';
  return a === 0x20 && b === 0x02 ? 'reserved' : 'global';
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function spellVersion6(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  let start = 0;
  let length = 0;
  for (let from = 0; from < 8; from++) {
    let run = 0;
    while (from + run < 8 && groups[from + run] === 0) run++;
    if (run > length) [start, length] = [from, run];
  }
  const spell = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return spell(groups);
  return `${spell(groups.slice(0, start))}::${spell(groups.slice(start + length))}`;
}
