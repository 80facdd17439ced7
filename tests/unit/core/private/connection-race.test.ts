import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Candidate } from '../../../../src/core/private/signaling/candidates.ts';
import type { PeerConnection } from '../../../../src/core/private/transport/peer-connection.ts';
import type { PeerRole } from '../../../../src/core/private/signaling/introduction.ts';
import { ConnectionRace } from '../../../../src/core/private/transport/connection-race.ts';
import { PeerClock } from '../../../support/peer-clock.ts';
import { MemoryNetwork } from '../../../support/peer-network.ts';

let clock: PeerClock;
let network: MemoryNetwork;
beforeEach(() => {
  clock = new PeerClock();
  network = new MemoryNetwork(clock);
});

const host = (port: number, address = '192.168.1.12'): Candidate => ({ kind: 'host', address, port });
const sid = '019363a0-0000-7000-8000-000000000001';

function racer(role: PeerRole, address: string) {
  const told: string[] = [];
  let winner: PeerConnection | undefined;
  const [own, peer] = role === 'initiator' ? ['A', 'B'] : ['B', 'A'];
  const race = new ConnectionRace(
    network.transport(address),
    { tlsRole: role === 'initiator' ? 'client' : 'server', own: { certificate: own, key: '' }, peerCertificate: peer },
    { sid, role, ownProof: (exporter) => exporter, peerProof: (exporter) => exporter },
    clock,
    {
      won: (channel) => {
        winner = channel;
        channel.handOver({ line: () => told.push('line'), writable: () => undefined });
        channel.onClosed(() => told.push('ended'));
        told.push('won');
      },
      noDirectPath: () => told.push('noDirectPath'),
      noPath: () => told.push('noPath'),
      impostor: () => told.push('impostor'),
    },
  );
  return { race, told, winner: () => winner };
}

describe('the race [ASIDE-PEER-5-7]', () => {
  it('dials 250 ms apart, each candidate at most three times, the observed one at once', async () => {
    const { race, told } = racer('initiator', '192.168.1.10');
    race.dial([host(1_001), host(1_002), { kind: 'observed', address: '8.8.8.8', port: 1_003 }], 5_000);
    await clock.advance(PRIVATE_LIMITS.raceMs + 1);
    const start = network.dials[0]?.at ?? 0;
    const times = (port: number): number[] =>
      network.dials.flatMap(({ candidate, at }) => (candidate.port === port ? [at - start] : []));
    expect(times(1_001)).toEqual([0, 505, 1_010]);
    expect(times(1_002)).toEqual([250, 755, 1_260]);
    expect(times(1_003)).toEqual([0, 1_005, 2_010]);
    expect(told).toEqual(['noDirectPath']);
  });

  it('takes at most eight candidates, however many signals tell of them', async () => {
    const { race } = racer('initiator', '192.168.1.10');
    for (let signal = 0; signal < 10; signal++)
      race.dial([host(2_000 + signal * 2), host(2_001 + signal * 2)], undefined);
    await clock.advance(PRIVATE_LIMITS.raceMs);
    expect(new Set(network.dials.map(({ candidate }) => candidate.port)).size).toBe(8);
  });

  it('agrees on one connection where both sides listen and dial at the same time', async () => {
    const [initiator, responder] = [racer('initiator', '192.168.1.10'), racer('responder', '192.168.1.12')];
    initiator.race.listen((port) => responder.race.dial([host(port ?? 0, '192.168.1.10')], undefined));
    responder.race.listen((port) => initiator.race.dial([host(port ?? 0), host(port ?? 0, '10.0.0.12')], undefined));
    await clock.advance(1_000);
    expect([initiator.told, responder.told]).toEqual([['won'], ['won']]);
    expect(network.links.length).toBeGreaterThan(2);
    const open = network.links.filter((link) => !link.ended);
    expect(open).toHaveLength(2);
    expect(open[0]?.other).toBe(open[1]);
    expect(network.listeners.size).toBe(0);
    initiator.winner()?.drop();
    responder.winner()?.drop();
    expect(clock.pending).toBe(2);
    await clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });

  it("the responder waits for the initiator's word before it gives up", async () => {
    const { told } = racer('responder', '192.168.1.12');
    await clock.advance(PRIVATE_LIMITS.raceMs + PRIVATE_LIMITS.raceGraceMs - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['noDirectPath']);
  });

  it('has a deadline for the tunnel, and leaves nothing behind', async () => {
    const { race, told } = racer('initiator', '192.168.1.10');
    race.listen(() => undefined);
    race.prepareTunnel();
    race.takeTunnel('sid/1');
    await clock.advance(PRIVATE_LIMITS.tunnelMs);
    expect(told).toEqual(['noPath']);
    expect([clock.pending, network.listeners.size]).toEqual([0, 0]);
  });

  it('an impostor ends it: no other candidate is tried', async () => {
    const responder = racer('responder', '192.168.1.12');
    const initiator = racer('initiator', '192.168.1.10');
    network.impostor = true;
    responder.race.listen((port) => initiator.race.dial([host(port ?? 0), host(9_000), host(9_001)], undefined));
    await clock.advance(100);
    expect(initiator.told).toEqual(['impostor']);
    const { length } = network.dials;
    await clock.advance(2_000);
    expect(network.dials).toHaveLength(length);
    responder.race.cancel();
    expect(clock.pending).toBe(0);
  });

  it('calls nobody after it was cancelled', async () => {
    const { race, told } = racer('initiator', '192.168.1.10');
    race.dial([host(1_001)], undefined);
    race.cancel();
    await clock.advance(20_000);
    expect(told).toEqual([]);
  });
});
