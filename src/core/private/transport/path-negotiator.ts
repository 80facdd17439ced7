import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { Timer } from '../../ports.ts';
import { type Candidate, candidatesToDial, ownCandidates, parseObserved } from '../signaling/candidates.ts';
import type { PeerConnection, PeerConnectionEnd, PeerConnectionHolder } from './peer-connection.ts';
import {
  helloProof,
  type IntroducedPair,
  oneTimeSecret,
  type PeerRole,
  type SignalPayload,
} from '../signaling/introduction.ts';
import type { PrivatePath } from '../../../shared/client-api/private-view.ts';
import type { ByeReason } from './peer-protocol.ts';
import type { PrivateContext } from '../private-context.ts';
import type { SessionCertificate } from '../private-ports.ts';
import { ConnectionRace } from './connection-race.ts';

/** Introduced data of both sides, fixed before the first round. */
export interface PathNegotiation extends IntroducedPair {
  readonly role: PeerRole;
  readonly own: SessionCertificate;
  /** The introduced certificate of the peer: DER in base64. */
  readonly peerCertificate: string;
  /** At least one side does not reveal its address: the tunnel through the server is the only path. */
  readonly relayOnly: boolean;
}

export interface PathNegotiatorHandler {
  /** Sends a signed signal through the server. `observed`: the server adds this computer's address as it sees it. */
  signal(round: number, about: SignalPayload['about'], candidates: readonly Candidate[], observed: boolean): void;
  /** A path is open. Messages are sent on it after this call. */
  opened(path: PrivatePath): void;
  /** The path is gone; a search for another follows. */
  lost(): void;
  /** The peer ended the session or broke the protocol. */
  ended(end: Exclude<PeerConnectionEnd, { kind: 'lost' }>): void;
  /** No path was ever open, and none was found. The session calls `stop`. */
  noPath(): void;
  /** A connection did not prove the introduced identity. The session calls `stop`. */
  impostor(): void;
}

/**
 * Keeps a path to the peer, in rounds: each is a race of direct connections and, if that fails, a tunnel through the
 * server; with `relayOnly` the tunnel alone. The responder begins its first round with its answer. After that the initiator
 * begins each round; the responder follows, and requests a new round with the signal `lost`.
 */
export class PathNegotiator {
  #round = 0;
  #race: ConnectionRace | undefined;
  #connection: PeerConnection | undefined;
  #openedAt: number | undefined;
  #everOpen = false;
  #tunnelRequested = false;
  #pause: Timer | undefined;
  #stopped = false;

  constructor(
    private readonly facts: PathNegotiation,
    private readonly context: PrivateContext,
    private readonly holder: PeerConnectionHolder,
    private readonly handler: PathNegotiatorHandler,
  ) {}

  /**
   * Begins the responder's first round, before the answer is sent.
   * @param ready gets the candidates for the answer; not called after `stop`, which cancels the race
   */
  prepareAnswer(ready: (candidates: Candidate[]) => void): void {
    this.#newRace(1);
    if (this.facts.relayOnly) ready([]);
    else this.#race?.listen((port) => ready(this.#ownCandidates(port)));
  }

  /** The server has the answer: the responder has its observed address sent to the peer, or requests the tunnel. */
  answerSent(): void {
    if (this.#stopped) return;
    if (this.facts.relayOnly) this.#requestTunnel();
    else this.handler.signal(1, 'candidates', [], true);
  }

  /** Begins the initiator's first round. @param candidates from the answer */
  start(candidates: readonly Candidate[]): void {
    this.#lead(1);
    this.#dial(candidates, undefined);
  }

  /**
   * Handles a signal of the peer whose signature is checked.
   * @param observed address of the peer as the server sees it
   */
  signalled({ round, about, candidates }: SignalPayload, observed: string | undefined): void {
    if (this.#stopped) return;
    if (about === 'lost') {
      if (this.facts.role === 'initiator' && round === this.#round && this.#connection !== undefined) this.#pathLost();
      return;
    }
    if (this.facts.role === 'responder' && round > this.#round) this.#follow(round);
    if (round !== this.#round) return;
    if (about === 'tunnel') this.#requestTunnel();
    else this.#dial(candidates, observed);
  }

  /** The server is connected again: without a path, a new round begins (initiator) or is requested (responder). */
  serverBack(): void {
    if (this.#connection !== undefined || this.#stopped || !this.#everOpen) return;
    if (this.facts.role === 'initiator') this.#lead(this.#round + 1);
    else this.handler.signal(this.#round, 'lost', [], false);
  }

  /** Says goodbye to the peer if a connection is open, and ends every connection and attempt. */
  end(bye: ByeReason): void {
    this.#connection?.bye(bye);
    this.stop();
  }

  /** Ends every connection and attempt without a goodbye. No callback follows. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#pause?.cancel();
    this.#race?.cancel();
    this.#connection?.drop();
    this.#connection = undefined;
    this.holder.detach();
  }

  #lead(round: number): void {
    this.#newRace(round);
    if (this.facts.relayOnly) {
      this.#requestTunnel();
      return;
    }
    this.#signalCandidates(round);
  }

  #follow(round: number): void {
    if (this.#connection !== undefined) this.#dropConnection();
    this.#newRace(round);
    if (!this.facts.relayOnly) this.#signalCandidates(round);
  }

  #signalCandidates(round: number): void {
    this.#race?.listen((port) => this.handler.signal(round, 'candidates', this.#ownCandidates(port), true));
  }

  #newRace(round: number): void {
    this.#pause?.cancel();
    this.#race?.cancel();
    this.#round = round;
    this.#tunnelRequested = false;
    const { facts, context } = this;
    const { crypto } = context;
    const secret = oneTimeSecret(facts, round, crypto);
    const other: PeerRole = facts.role === 'initiator' ? 'responder' : 'initiator';
    const race: ConnectionRace = new ConnectionRace(
      context.transport,
      {
        tlsRole: facts.role === 'initiator' ? 'client' : 'server',
        own: facts.own,
        peerCertificate: facts.peerCertificate,
      },
      {
        sid: facts.sid,
        role: facts.role,
        ownProof: (exporter) => helloProof(facts, secret, facts.role, exporter, crypto),
        peerProof: (exporter) => helloProof(facts, secret, other, exporter, crypto),
      },
      context.clock,
      {
        won: (connection) => this.#won(connection),
        noDirectPath: () => this.#requestTunnel(),
        noPath: () => this.#noPath(),
        impostor: () => this.handler.impostor(),
      },
    );
    this.#race = race;
  }

  #ownCandidates(listeningPort: number | undefined): Candidate[] {
    const { transport } = this.context;
    const publicAddress = this.context.publicAddress();
    return ownCandidates({
      localAddresses: transport.localAddresses().map(({ address }) => address),
      listeningPort,
      // The public address leads to one port. If another session listens there, the peer would reach the wrong session.
      publicAddress: publicAddress?.port === listeningPort ? publicAddress : undefined,
      neverRevealAddress: this.facts.relayOnly,
      serverOnLoopback: this.context.serverStatus().onLoopback,
    });
  }

  #dial(candidates: readonly Candidate[], observed: string | undefined): void {
    const { onLoopback, localPort } = this.context.serverStatus();
    const found = candidatesToDial({
      candidates,
      observed: parseObserved(observed),
      neverRevealAddress: this.facts.relayOnly,
      serverOnLoopback: onLoopback,
    });
    this.#race?.dial(found, localPort);
  }

  #requestTunnel(): void {
    const race = this.#race;
    if (race === undefined || this.#tunnelRequested || this.#connection !== undefined) return;
    this.#tunnelRequested = true;
    race.prepareTunnel();
    if (this.facts.role === 'initiator') this.handler.signal(this.#round, 'tunnel', [], false);
    void this.context.request('private.relay', { sid: this.facts.sid }).then((outcome) => {
      if (this.#race !== race || this.#stopped || !this.#tunnelRequested) return;
      if (outcome.ok) race.takeTunnel(outcome.result.token);
      else {
        race.cancel();
        this.#noPath();
      }
    });
  }

  #won(connection: PeerConnection): void {
    this.#connection = connection;
    this.#everOpen = true;
    this.#openedAt = this.context.clock.now();
    connection.onClosed((end) => this.#connectionEnded(connection, end));
    this.handler.opened(connection.path);
    // The session may have ended in `opened`.
    if (this.#connection === connection) this.holder.attach(connection);
  }

  #connectionEnded(connection: PeerConnection, end: PeerConnectionEnd): void {
    if (connection !== this.#connection) return;
    if (end.kind === 'lost') this.#pathLost();
    else this.handler.ended(end);
  }

  #dropConnection(): void {
    this.#connection?.drop();
    this.#connection = undefined;
    this.holder.detach();
    this.handler.lost();
  }

  #pathLost(): void {
    const lived = this.context.clock.now() - (this.#openedAt ?? 0);
    this.#dropConnection();
    if (this.#stopped) return;
    if (this.facts.role === 'responder') this.handler.signal(this.#round, 'lost', [], false);
    else if (lived >= PRIVATE_LIMITS.shortLifeMs) this.#lead(this.#round + 1);
    else this.#leadLater();
  }

  /** Without any path so far, the session ends; after a loss, rounds repeat until the session's deadline. */
  #noPath(): void {
    if (!this.#everOpen) this.handler.noPath();
    else if (this.facts.role === 'initiator') this.#leadLater();
    else this.#race = undefined;
  }

  #leadLater(): void {
    this.#pause?.cancel();
    this.#pause = this.context.clock.after(PRIVATE_LIMITS.searchPauseMs, () => this.#lead(this.#round + 1));
  }
}
