import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  candidatesToDial,
  ownCandidates,
  parseObserved,
} from '../../../../src/core/private/signaling/candidates.ts';

const host = (address: string, port = 40_000): Candidate => ({ kind: 'host', address, port });
const situation = {
  localAddresses: ['127.0.0.1', '::1', '2a01:4f8::5', '192.168.1.10', 'fd00::5', 'fe80::1', '169.254.3.3'],
  listeningPort: 40_000,
  publicAddress: undefined,
  neverRevealAddress: false,
  serverOnLoopback: false,
};

describe('ownCandidates [ASIDE-PEER-4-1]', () => {
  const addresses = (change: Partial<Parameters<typeof ownCandidates>[0]> = {}): string[] =>
    ownCandidates({ ...situation, ...change }).map(({ address }) => address);

  it('lists the local network first, then unique local, then global addresses', () => {
    expect(addresses()).toEqual(['192.168.1.10', 'fd00::5', '2a01:4f8::5']);
  });
  it('lists none if no address may be revealed, not even a configured one', () => {
    expect(addresses({ neverRevealAddress: true, publicAddress: { address: '8.8.8.8', port: 4_000 } })).toEqual([]);
  });
  it('lists a configured public address also without a listener', () => {
    expect(addresses({ listeningPort: undefined, publicAddress: { address: '8.8.8.8', port: 4_000 } })).toEqual([
      '8.8.8.8',
    ]);
  });
  it('lists loopback only if the server is on this computer', () => {
    expect(addresses({ serverOnLoopback: true })).toEqual(
      ['127.0.0.1', '::1', '192.168.1.10', 'fd00::5', '2a01:4f8::5'].sort(
        (one, other) => addressRank(one) - addressRank(other),
      ),
    );
  });
  it('lists at most eight', () => {
    expect(addresses({ localAddresses: Array.from({ length: 30 }, (_, index) => `10.0.0.${index}`) })).toHaveLength(8);
  });
});

/** Loopback and private addresses share the first rank, in the order found. */
function addressRank(address: string): number {
  return ['127.0.0.1', '::1', '192.168.1.10'].includes(address) ? 0 : address.startsWith('fd') ? 1 : 2;
}

describe('candidatesToDial [ASIDE-PEER-4-2]', () => {
  const dial = (candidates: Candidate[], change: Partial<Parameters<typeof candidatesToDial>[0]> = {}): string[] =>
    candidatesToDial({
      candidates,
      observed: undefined,
      neverRevealAddress: false,
      serverOnLoopback: false,
      ...change,
    }).map(({ kind, address, port }) => `${kind} ${address} ${port}`);

  it('never dials this computer, multicast groups or ports below 1024', () => {
    expect(
      dial([
        host('127.0.0.1'),
        host('::1'),
        host('::ffff:127.0.0.1'),
        host('0.0.0.0'),
        host('::'),
        host('224.0.0.1'),
        host('ff02::1'),
        host('fe80::1'),
        host('169.254.1.1'),
        host('192.168.1.1', 80),
        host('192.168.1.1', 1_023),
        host('255.255.255.255'),
        host('localhost'),
      ]),
    ).toEqual([]);
  });
  it('dials loopback only if the server is on this computer and sees the peer here too', () => {
    expect(dial([host('127.0.0.1')], { serverOnLoopback: true })).toHaveLength(1);
    expect(
      dial([host('127.0.0.1')], { serverOnLoopback: true, observed: { address: '8.8.8.8', port: 40_000 } }),
    ).toEqual(['observed 8.8.8.8 40000']);
    expect(dial([host('127.0.0.1')], { observed: { address: '127.0.0.1', port: 40_000 } })).toEqual([]);
  });
  it('dials nothing if no address may be revealed', () => {
    expect(
      dial([host('192.168.1.1')], { neverRevealAddress: true, observed: { address: '8.8.8.8', port: 40_000 } }),
    ).toEqual([]);
  });
  it('dials an address with two spellings once, and at most eight, the observed one last', () => {
    expect(dial([host('::ffff:10.0.0.1'), host('10.0.0.1'), host('::ffff:a00:1')])).toEqual(['host 10.0.0.1 40000']);
    expect(
      dial([host('2A01:04F8:0:0::1'), host('192.168.1.1')], { observed: { address: '8.8.8.8', port: 40_000 } }),
    ).toEqual(['host 192.168.1.1 40000', 'host 2a01:4f8::1 40000', 'observed 8.8.8.8 40000']);
    expect(dial(Array.from({ length: 50 }, (_, index) => host('10.0.0.1', 2_000 + index)))).toHaveLength(8);
  });
});

it('parseObserved reads the addresses that a server sends, and no other text', () => {
  expect(parseObserved('8.8.8.8:40000')).toEqual({ address: '8.8.8.8', port: 40_000 });
  expect(parseObserved('[2a01:4f8::1]:40000')).toEqual({ address: '2a01:4f8::1', port: 40_000 });
  for (const text of [
    undefined,
    '',
    '8.8.8.8',
    '8.8.8.8:0',
    '8.8.8.8:65536',
    '2a01::1:40000',
    '[8.8.8.8]',
    'host:80',
    '[::1%eth0]:80',
  ]) {
    expect(parseObserved(text)).toBeUndefined();
  }
});
