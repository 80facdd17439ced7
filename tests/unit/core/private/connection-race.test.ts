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

function startRace(role: PeerRole, address: string) {
  const calls: string[] = [];
  let winner: PeerConnection | undefined;
  const [own, peer] = role === 'initiator' ? ['A', 'B'] : ['B', 'A'];
  const race = new ConnectionRace(
    network.transport(address),
    { tlsRole: role === 'initiator' ? 'client' : 'server', own: { certificate: own, key: '' }, peerCertificate: peer },
    { sid, role, ownProof: (exporter) => exporter, peerProof: (exporter) => exporter },
    clock,
    {
      won: (connection) => {
        winner = connection;
        connection.handOver({ line: () => calls.push('line'), writable: () => undefined });
        connection.onClosed(() => calls.push('ended'));
        calls.push('won');
      },
      noDirectPath: () => calls.push('noDirectPath'),
      noPath: () => calls.push('noPath'),
      impostor: () => calls.push('impostor'),
    },
  );
  return { race, calls, winner: () => winner };
}

describe('ConnectionRace [ASIDE-PEER-5-7]', () => {
  it('dials 250 ms apart, each candidate at most three times, the observed one at once', async () => {
    const { race, calls } = startRace('initiator', '192.168.1.10');
    race.dial([host(1_001), host(1_002), { kind: 'observed', address: '8.8.8.8', port: 1_003 }], 5_000);
    await clock.advance(PRIVATE_LIMITS.raceMs + 1);
    const start = network.dials[0]?.at ?? 0;
    const times = (port: number): number[] =>
      network.dials.flatMap(({ candidate, at }) => (candidate.port === port ? [at - start] : []));
    expect(times(1_001)).toEqual([0, 505, 1_010]);
    expect(times(1_002)).toEqual([250, 755, 1_260]);
    expect(times(1_003)).toEqual([0, 1_005, 2_010]);
    expect(calls).toEqual(['noDirectPath']);
  });

  it('dials at most eight candidates of all signals', async () => {
    const { race } = startRace('initiator', '192.168.1.10');
    for (let signal = 0; signal < 10; signal++)
      race.dial([host(2_000 + signal * 2), host(2_001 + signal * 2)], undefined);
    await clock.advance(PRIVATE_LIMITS.raceMs);
    expect(new Set(network.dials.map(({ candidate }) => candidate.port)).size).toBe(8);
  });

  it('agrees on one connection if both sides listen and dial at the same time', async () => {
    const [initiator, responder] = [startRace('initiator', '192.168.1.10'), startRace('responder', '192.168.1.12')];
    initiator.race.listen((port) => responder.race.dial([host(port ?? 0, '192.168.1.10')], undefined));
    responder.race.listen((port) => initiator.race.dial([host(port ?? 0), host(port ?? 0, '10.0.0.12')], undefined));
    await clock.advance(1_000);
    expect([initiator.calls, responder.calls]).toEqual([['won'], ['won']]);
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

  it("waits longer on the responder's side, for the initiator's signal", async () => {
    const { calls } = startRace('responder', '192.168.1.12');
    await clock.advance(PRIVATE_LIMITS.raceMs + PRIVATE_LIMITS.raceGraceMs - 1);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual(['noDirectPath']);
  });

  it('has a deadline for the tunnel, and leaves no timer or listener behind', async () => {
    const { race, calls } = startRace('initiator', '192.168.1.10');
    race.listen(() => undefined);
    race.prepareTunnel();
    race.takeTunnel('sid/1');
    await clock.advance(PRIVATE_LIMITS.tunnelMs);
    expect(calls).toEqual(['noPath']);
    expect([clock.pending, network.listeners.size]).toEqual([0, 0]);
  });

  it('ends at an impostor: no other candidate is dialled', async () => {
    const responder = startRace('responder', '192.168.1.12');
    const initiator = startRace('initiator', '192.168.1.10');
    network.impostor = true;
    responder.race.listen((port) => initiator.race.dial([host(port ?? 0), host(9_000), host(9_001)], undefined));
    await clock.advance(100);
    expect(initiator.calls).toEqual(['impostor']);
    const { length } = network.dials;
    await clock.advance(2_000);
    expect(network.dials).toHaveLength(length);
    responder.race.cancel();
    expect(clock.pending).toBe(0);
  });

  it('makes no callback after it was cancelled', async () => {
    const { race, calls } = startRace('initiator', '192.168.1.10');
    race.dial([host(1_001)], undefined);
    race.cancel();
    await clock.advance(20_000);
    expect(calls).toEqual([]);
  });
});
