import { describe, expect, test } from 'vitest';
import { ConnectionCounts, type Place } from '../../../../server/src/transport/connection-counts.ts';

const LIMITS = {
  connections: 20,
  connectionsPerAddress: 10,
  strangers: 15,
  strangersPerAddress: 5,
  backlog: 8,
  tlsHandshakeMs: 1_000,
};

function counts(limits: Partial<typeof LIMITS> = {}): ConnectionCounts {
  return new ConnectionCounts({ ...LIMITS, ...limits });
}

function welcome(counted: ConnectionCounts, address: string): Place {
  const admission = counted.admit(address);
  if (admission.kind !== 'welcome') throw new Error(`not welcome: ${admission.limit}`);
  return admission.place;
}

describe('limits on connections (I3)', () => {
  test('strangers of one address are refused, then dropped; another address is not touched', () => {
    const counted = counts();
    for (let i = 0; i < 5; i++) welcome(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1')).toMatchObject({ kind: 'refuse', limit: 'strangers-of-address' });
    expect(counted.admit('192.0.2.1')).toEqual({ kind: 'drop', limit: 'strangers-of-address' });
    expect(counted.admit('192.0.2.2').kind).toBe('welcome');
  });

  test('who signed in makes room for a stranger, once', () => {
    const counted = counts();
    const first = welcome(counted, '192.0.2.1');
    for (let i = 1; i < 5; i++) welcome(counted, '192.0.2.1');
    first.signedIn();
    first.signedIn();
    welcome(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
  });

  test('connections of one address are counted after sign-in too', () => {
    const counted = counts();
    for (let i = 0; i < 10; i++) welcome(counted, '192.0.2.1').signedIn();
    expect(counted.admit('192.0.2.1')).toMatchObject({ kind: 'refuse', limit: 'connections-of-address' });
    expect(counted.admit('192.0.2.2').kind).toBe('welcome');
  });

  test('an IPv6 network counts as one address', () => {
    const counted = counts();
    for (let i = 0; i < 5; i++) welcome(counted, `2001:db8:1:2::${i}`);
    expect(counted.admit('2001:db8:1:2:ffff::').kind).toBe('refuse');
    expect(counted.admit('2001:db8:1:3::').kind).toBe('welcome');
  });

  test('all addresses together have limits', () => {
    const strangers = counts();
    for (let i = 0; i < 15; i++) welcome(strangers, `192.0.2.${i}`);
    expect(strangers.admit('198.51.100.1')).toMatchObject({ kind: 'refuse', limit: 'strangers' });
    expect(strangers.admit('127.0.0.1').kind).toBe('welcome');

    const all = counts();
    for (let i = 0; i < 20; i++) welcome(all, `192.0.2.${i}`).signedIn();
    expect(all.admit('198.51.100.1')).toMatchObject({ kind: 'refuse', limit: 'connections' });
  });

  test('loopback counts only in all connections', () => {
    const counted = counts();
    for (let i = 0; i < 20; i++) welcome(counted, '127.0.0.1');
    expect(counted.admit('127.0.0.1')).toMatchObject({ kind: 'refuse', limit: 'connections' });
  });

  test('who leaves makes room, once, as a stranger or not', () => {
    const counted = counts({ connectionsPerAddress: 2, strangersPerAddress: 2 });
    const stranger = welcome(counted, '192.0.2.1');
    const signedIn = welcome(counted, '192.0.2.1');
    signedIn.signedIn();
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
    for (const place of [stranger, signedIn, stranger, signedIn]) place.leave();
    expect(counted.connections).toBe(1);
    signedIn.signedIn();
    welcome(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
  });
});
