import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, parseIpAddress } from '../../../src/shared/ip-address.ts';

describe('parseIpAddress', () => {
  it.each([
    ['192.168.1.12', 'private'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'global'],
    ['198.18.0.1', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['100.64.0.1', 'shared'],
    ['100.128.0.1', 'global'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['169.254.1.1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['8.8.8.8', 'global'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:192.168.1.1', 'private'],
    ['::127.0.0.1', 'reserved'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['ff02::1', 'multicast'],
    ['fd00::1', 'unique-local'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['64:ff9b::7f00:1', 'reserved'],
    ['2001:0:1::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['2a01:4f8::1', 'global'],
  ])('finds the kind of %s: %s', (address, kind) => expect(parseIpAddress(address)?.kind).toBe(kind));

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '0x7f.0.0.1',
    '256.1.1.1',
    '1.2.3.4:80',
    '2130706433',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::12345',
    '1.2.3.4::',
    '::ffff:01.2.3.4',
    '::ffff:0x7f.0.0.1',
    '::1.2.3',
    '::1.2.3.4.5',
    '[::1]',
    ' ::1',
    '1:2:3:4:5:6:7::8:9',
    'a'.repeat(100),
  ])('refuses %j', (address) => expect(parseIpAddress(address)).toBeUndefined());

  it('accepts the same texts as Node and gives each address one spelling', () => {
    const anything = fc.oneof(
      fc.ipV6(),
      fc.ipV4(),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(anything, (address) => {
        const parsed = parseIpAddress(address);
        expect(parsed !== undefined, address).toBe(isIP(address) !== 0);
        if (parsed === undefined) return;
        expect(isIP(parsed.text)).toBe(parsed.family);
        expect(parseIpAddress(parsed.text)).toEqual(parsed);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isLoopbackHost', () => {
  it.each(['localhost', '127.0.0.1', '127.200.3.4', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    'accepts %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '127.0.0.1.example',
    '127.example.org',
    '127.0.0.999',
    'localhost.example',
    'example.org',
    '::',
    '',
  ])('refuses %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
