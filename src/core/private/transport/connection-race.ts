import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { Clock, Timer } from '../../ports.ts';
import type { Candidate } from '../signaling/candidates.ts';
import { type PeerConnectionEnd, type PeerHello, PeerConnection } from './peer-connection.ts';
import type {
  Attempt,
  EndpointSecurity,
  AttemptFailure,
  PeerEndpoint,
  PeerLink,
  PeerTransport,
} from '../private-ports.ts';

export interface ConnectionRaceHandler {
  /** Both sides use this connection. The race is over. */
  won(connection: PeerConnection): void;
  /** No direct path in time; the tunnel may be used. */
  noDirectPath(): void;
  /** The tunnel failed too. The race is over. */
  noPath(): void;
  /** The other end of a path is not the introduced peer. The race is over; no other path is tried. */
  impostor(): void;
}

/**
 * Finds one connection to the peer, for one round [ASIDE-PEER-5-7]: both sides listen and dial at the same time. The initiator
 * chooses one of the authenticated connections; all others are closed. An impostor ends the race, instead of a silent
 * change to another path.
 */
export class ConnectionRace {
  #direct: PeerEndpoint;
  #tunnel: PeerEndpoint | undefined;
  #state: 'direct' | 'tunnel' | 'over' = 'direct';
  #connections = new Set<PeerConnection>();
  #attempts = new Set<Attempt>();
  #timers = new Set<Timer>();
  #dialled = new Set<string>();

  constructor(
    private readonly transport: PeerTransport,
    private readonly security: EndpointSecurity,
    private readonly hello: PeerHello,
    private readonly clock: Clock,
    private readonly handler: ConnectionRaceHandler,
  ) {
    this.#direct = transport.endpoint(security);
    const grace = hello.role === 'initiator' ? 0 : PRIVATE_LIMITS.raceGraceMs;
    this.#after(PRIVATE_LIMITS.raceMs + grace, () => {
      if (this.#state === 'direct') this.handler.noDirectPath();
    });
  }

  /** @param ready gets the port, or undefined if listening failed */
  listen(ready: (port: number | undefined) => void): void {
    this.#direct.listen(
      (port) => this.#state === 'direct' && ready(port),
      (link) => this.#adopt(link),
    );
  }

  /**
   * Dials the peer's candidates, 250 ms apart. The observed address is dialled at once, beside the others: two routers let
   * packets in only while both sides send.
   * @param fromPort local port of the connection to the server, if known
   */
  dial(listed: readonly Candidate[], fromPort: number | undefined): void {
    if (this.#state !== 'direct') return;
    const candidates = listed.filter((candidate) => this.#isNew(candidate));
    const observed = candidates.filter(({ kind }) => kind === 'observed');
    for (const candidate of observed) this.#dialOne(candidate, fromPort, 1, 4 * PRIVATE_LIMITS.raceStepMs);
    const others = candidates.filter(({ kind }) => kind !== 'observed');
    // A failed candidate is dialled again after all others.
    const again = Math.max(1, others.length) * PRIVATE_LIMITS.raceStepMs;
    for (const [index, candidate] of others.entries()) {
      if (index === 0) this.#dialOne(candidate, undefined, 1, again);
      else this.#after(index * PRIVATE_LIMITS.raceStepMs, () => this.#dialOne(candidate, undefined, 1, again));
    }
  }

  /** Opens the tunnel with a token of the server. Called after `prepareTunnel`. */
  takeTunnel(token: string): void {
    if (this.#state !== 'tunnel' || this.#tunnel !== undefined) return;
    this.#tunnel = this.transport.endpoint(this.security);
    this.#attempt(
      (handler) => this.#tunnel?.tunnel(token, handler),
      () => this.#lose(),
    );
  }

  /** Ends the direct attempts, while the request for a tunnel token is pending. */
  prepareTunnel(): void {
    if (this.#state !== 'direct') return;
    this.#state = 'tunnel';
    this.#clear();
    this.#after(PRIVATE_LIMITS.tunnelMs, () => this.#lose());
  }

  /** Ends every connection and attempt, except the winner. No callback follows. */
  cancel(): void {
    this.#state = 'over';
    this.#clear();
  }

  /** Bounds the candidates of all signals of a round together. */
  #isNew({ address, port }: Candidate): boolean {
    const key = `${address} ${port}`;
    if (this.#dialled.has(key) || this.#dialled.size >= PRIVATE_LIMITS.candidates) return false;
    this.#dialled.add(key);
    return true;
  }

  #dialOne(candidate: Candidate, fromPort: number | undefined, time: number, again: number): void {
    if (this.#state !== 'direct') return;
    this.#attempt(
      (handler) => this.#direct.dial(candidate, fromPort, handler),
      () => {
        if (time >= PRIVATE_LIMITS.dialsEach) return;
        this.#after(again, () => this.#dialOne(candidate, fromPort, time + 1, again));
      },
    );
  }

  #attempt(
    start: (handler: { connected(link: PeerLink): void; failed(failure: AttemptFailure): void }) => Attempt | undefined,
    unreachable: () => void,
  ): void {
    const attempt = start({
      connected: (link) => {
        if (attempt !== undefined) this.#attempts.delete(attempt);
        this.#adopt(link);
      },
      failed: (failure) => {
        if (attempt !== undefined) this.#attempts.delete(attempt);
        if (this.#state === 'over') return;
        if (failure === 'authentication') this.#impostor();
        else unreachable();
      },
    });
    if (attempt !== undefined) this.#attempts.add(attempt);
  }

  /** Takes a link with the introduced certificate; its first line is not checked yet. */
  #adopt(link: PeerLink): void {
    if (this.#state === 'over') {
      link.destroy();
      return;
    }
    const connection: PeerConnection = new PeerConnection(link, this.hello, this.clock, {
      proven: () => connection.choose(),
      chosen: () => this.#won(connection),
      closed: (end) => this.#closed(connection, end),
    });
    this.#connections.add(connection);
  }

  #won(connection: PeerConnection): void {
    this.#connections.delete(connection);
    this.cancel();
    this.handler.won(connection);
  }

  #closed(connection: PeerConnection, end: PeerConnectionEnd): void {
    this.#connections.delete(connection);
    if (this.#state === 'over') return;
    if (end.kind === 'authentication' || end.kind === 'protocol') this.#impostor();
    else if (this.#state === 'tunnel') this.#lose();
  }

  #impostor(): void {
    this.cancel();
    this.handler.impostor();
  }

  #lose(): void {
    if (this.#state !== 'tunnel') return;
    this.cancel();
    this.handler.noPath();
  }

  #clear(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const attempt of this.#attempts) attempt.cancel();
    this.#attempts.clear();
    for (const connection of this.#connections) connection.drop();
    this.#connections.clear();
    this.#direct.close();
    this.#tunnel?.close();
  }

  #after(milliseconds: number, call: () => void): void {
    const timer: Timer = this.clock.after(milliseconds, () => {
      this.#timers.delete(timer);
      call();
    });
    this.#timers.add(timer);
  }
}
