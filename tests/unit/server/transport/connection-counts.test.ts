import { describe, expect, test } from 'vitest';
import { ConnectionCounts, type ConnectionSlot } from '../../../../server/src/transport/connection-counts.ts';

const LIMITS = {
  connections: 20,
  connectionsPerAddress: 10,
  unauthenticated: 15,
  unauthenticatedPerAddress: 5,
  backlog: 8,
  tlsHandshakeMs: 1_000,
};

function counts(limits: Partial<typeof LIMITS> = {}): ConnectionCounts {
  return new ConnectionCounts({ ...LIMITS, ...limits });
}

function accept(counted: ConnectionCounts, address: string): ConnectionSlot {
  const admission = counted.admit(address);
  if (admission.kind !== 'accept') throw new Error(`not accepted: ${admission.limit}`);
  return admission.slot;
}

describe('Connection limits (I3)', () => {
  test('refuse, then drop unauthenticated connections of one address, without an effect on other addresses', () => {
    const counted = counts();
    for (let i = 0; i < 5; i++) accept(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1')).toMatchObject({ kind: 'refuse', limit: 'unauthenticated-of-address' });
    expect(counted.admit('192.0.2.1')).toEqual({ kind: 'drop', limit: 'unauthenticated-of-address' });
    expect(counted.admit('192.0.2.2').kind).toBe('accept');
  });

  test('free an unauthenticated place at sign-in, once', () => {
    const counted = counts();
    const first = accept(counted, '192.0.2.1');
    for (let i = 1; i < 5; i++) accept(counted, '192.0.2.1');
    first.signedIn();
    first.signedIn();
    accept(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
  });

  test('count connections of one address after sign-in too', () => {
    const counted = counts();
    for (let i = 0; i < 10; i++) accept(counted, '192.0.2.1').signedIn();
    expect(counted.admit('192.0.2.1')).toMatchObject({ kind: 'refuse', limit: 'connections-of-address' });
    expect(counted.admit('192.0.2.2').kind).toBe('accept');
  });

  test('count an IPv6 network as one address', () => {
    const counted = counts();
    for (let i = 0; i < 5; i++) accept(counted, `2001:db8:1:2::${i}`);
    expect(counted.admit('2001:db8:1:2:ffff::').kind).toBe('refuse');
    expect(counted.admit('2001:db8:1:3::').kind).toBe('accept');
  });

  test('exist for all addresses together', () => {
    const unauthenticated = counts();
    for (let i = 0; i < 15; i++) accept(unauthenticated, `192.0.2.${i}`);
    expect(unauthenticated.admit('198.51.100.1')).toMatchObject({ kind: 'refuse', limit: 'unauthenticated' });
    expect(unauthenticated.admit('127.0.0.1').kind).toBe('accept');

    const all = counts();
    for (let i = 0; i < 20; i++) accept(all, `192.0.2.${i}`).signedIn();
    expect(all.admit('198.51.100.1')).toMatchObject({ kind: 'refuse', limit: 'connections' });
  });

  test('count loopback connections only in the total', () => {
    const counted = counts();
    for (let i = 0; i < 20; i++) accept(counted, '127.0.0.1');
    expect(counted.admit('127.0.0.1')).toMatchObject({ kind: 'refuse', limit: 'connections' });
  });

  test('free a place when a connection ends, once, authenticated or not', () => {
    const counted = counts({ connectionsPerAddress: 2, unauthenticatedPerAddress: 2 });
    const unauthenticated = accept(counted, '192.0.2.1');
    const signedIn = accept(counted, '192.0.2.1');
    signedIn.signedIn();
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
    for (const slot of [unauthenticated, signedIn, unauthenticated, signedIn]) slot.leave();
    expect(counted.connections).toBe(1);
    signedIn.signedIn();
    accept(counted, '192.0.2.1');
    expect(counted.admit('192.0.2.1').kind).toBe('refuse');
  });
});
