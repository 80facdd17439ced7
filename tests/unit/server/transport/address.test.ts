import { describe, expect, test } from 'vitest';
import { addressGroup, isLoopback, isLoopbackHost, plainAddress } from '../../../../server/src/transport/address.ts';

describe('addresses of the other side', () => {
  test.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::7', '2001:db8::7'],
  ])('%s is written %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.200.3.4', true],
    ['::1', true],
    ['192.0.2.7', false],
    ['12.7.0.1', false],
    ['2001:db8::1', false],
  ])('loopback: %s is %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
  });

  test.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['127.example.org', false],
    ['example.org', false],
  ])('host to listen on: %s is this machine only: %s', (host, loopback) => {
    expect(isLoopbackHost(host)).toBe(loopback);
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::6', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ])('%s counts as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
