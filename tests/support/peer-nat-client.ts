// One of two computers behind routers: runs a race for a path to the other and prints the outcome.
import { ConnectionRace } from '../../src/core/private/transport/connection-race.ts';
import type { Candidate } from '../../src/core/private/signaling/candidates.ts';
import type { EndpointSecurity } from '../../src/core/private/private-ports.ts';
import { systemClock } from '../../src/node/clock.ts';
import { peerTransport } from '../../src/node/peer/peer-transport.ts';

interface Orders {
  readonly role: 'initiator' | 'responder';
  readonly security: EndpointSecurity;
  readonly candidates: Candidate[];
  readonly fromPort: number;
  /** Milliseconds before the start: two computers never start at the same time. */
  readonly delay: number;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const done = (what: string): void => {
  process.stdout.write(`${what}\n`);
  // The peer has to read the choice before this process ends.
  setTimeout(() => process.exit(0), 500);
};

setTimeout(() => {
  const race = new ConnectionRace(
    peerTransport({ relay: () => undefined }),
    orders.security,
    { sid: '019363a0-0000-7000-8000-000000000001', role: orders.role, ownProof: (one) => one, peerProof: (one) => one },
    systemClock,
    {
      won: ({ path }) => done(path.kind),
      noDirectPath: () => done('none'),
      noPath: () => undefined,
      impostor: () => done('impostor'),
    },
  );
  race.listen(() => race.dial(orders.candidates, orders.fromPort));
}, orders.delay);
