import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { ClientParams } from '../../../shared/protocol/messages.ts';
import type { Timer } from '../../ports.ts';
import { toBase64 } from '../bytes.ts';
import type { Candidate } from '../signaling/candidates.ts';
import type { PeerConnectionEnd, PeerConnection } from '../transport/peer-connection.ts';
import type { PrivateMessage } from './message-window.ts';
import type { IdentityTrust } from '../identity/trust-store.ts';
import {
  type Answer,
  type Offer,
  signIntroduction,
  type Signal,
  verifyIntroduction,
} from '../signaling/introduction.ts';
import { PathNegotiator } from '../transport/path-negotiator.ts';
import type { ByeReason } from '../transport/peer-protocol.ts';
import type { PrivateContext } from './session-context.ts';
import { PRIVATE_LIMITS } from '../private-limits.ts';
import type { ThrowAwayCertificate } from '../private-ports.ts';
import { type PrivateEnd, type PrivateEnding, privateEnding } from './session-ending.ts';
import type { PrivateState, SessionFacts, SessionHandler } from './session-state.ts';
import { MessageExchange } from './message-exchange.ts';

/** One private session or request, from the first word to the last. Nothing of it outlives it (F7). */
export class PrivateSession {
  #state: PrivateState;
  readonly #exchange: MessageExchange;
  #own: { readonly certificate: ThrowAwayCertificate; readonly nonce: string } | undefined;
  #path: PathNegotiator | undefined;
  #connection: PeerConnection | undefined;
  #peerKey: string | undefined;
  #sequence = 0;
  #peerSequence = 0;
  #deadline: Timer | undefined;
  #keep = { own: false, peer: false };

  constructor(
    readonly facts: SessionFacts,
    private readonly context: PrivateContext,
    private readonly handler: SessionHandler<PrivateSession>,
  ) {
    const { clock, trustStore } = context;
    // By this computer's own clock, which may differ from the server's.
    const expiresAt = clock.now() + PRIVATE_LIMITS.answerMs;
    const { offer } = facts;
    this.#peerKey = offer?.identityKey;
    this.#state =
      offer === undefined
        ? { state: 'asking', expiresAt }
        : {
            state: 'asked',
            expiresAt,
            note: facts.note,
            trust: trustStore.trustOf(facts.username, offer.identityKey),
          };
    const { answerMs, answerGraceMs } = PRIVATE_LIMITS;
    this.#deadline = clock.after(answerMs + answerGraceMs, () => this.#over('expired', 'server'));
    this.#exchange = new MessageExchange(clock, {
      message: (message) => this.handler.message(this, message),
      delivered: (ids) => this.handler.delivered(this, ids),
      typing: (typing) => this.handler.typing(this, typing),
      peerKeepChanged: (keep) => {
        this.#keep = { ...this.#keep, peer: keep };
        this.handler.changed(this);
      },
      protocolError: () => this.end('protocol', 'you', 'protocol'),
    });
  }

  get state(): PrivateState {
    return this.#state;
  }

  /** Who wants this session kept; it is only where both do (F7). */
  get keep(): { readonly own: boolean; readonly peer: boolean } {
    return this.#keep;
  }

  get isOver(): boolean {
    return this.#state.state === 'ended';
  }

  /** Identity of the peer, once introduced: base64 of the SPKI DER. */
  get peerKey(): string | undefined {
    return this.#peerKey;
  }

  /** Makes the offer. @returns undefined where the session ended meanwhile */
  async makeOffer(): Promise<string | undefined> {
    if (!(await this.#prepare()) || this.#own === undefined) return undefined;
    const { crypto, identity } = this.context;
    return signIntroduction<Offer>(
      { purpose: 'offer', ...this.#common(), ...this.#introducing(this.#own) },
      identity,
      crypto,
    );
  }

  /** The person says yes to a request. */
  async accept(): Promise<void> {
    const { offer, sid } = this.facts;
    if (this.#state.state !== 'asked' || offer === undefined) return;
    this.#connecting('accepted', PRIVATE_LIMITS.raceMs + PRIVATE_LIMITS.raceGraceMs + 2 * PRIVATE_LIMITS.tunnelMs);
    if (!(await this.#prepare()) || this.#own === undefined) return;
    const own = this.#own;
    const introducing = this.#introducing(own);
    const path = this.#negotiatePath(own, offer, introducing.nonce, offer.relayOnly || introducing.relayOnly);
    path.prepareAnswer((candidates) => {
      const { identity, crypto } = this.context;
      const parts = { ...this.#common(), ...introducing, peerKey: offer.identityKey, candidates };
      const answer = signIntroduction<Answer>({ purpose: 'answer', ...parts }, identity, crypto);
      void this.context.request('private.answer', { sid, accept: true, answer }).then((outcome) => {
        if (this.isOver) return;
        if (outcome.ok) path.answerSent();
        else this.#over(outcome.failure.reason === 'no-such-request' ? 'expired' : 'failed', 'server');
      });
    });
  }

  /** The peer said yes. @param encoded as the server passed it on */
  answered(encoded: string | undefined): void {
    if (this.#state.state !== 'asking' || this.#own === undefined) return;
    const { clock, crypto, trustStore } = this.context;
    const verified = verifyIntroduction(encoded ?? '', { purpose: 'answer', ...this.#expected(clock.now()) }, crypto);
    if (!verified.ok) {
      this.#distrust(verified.fault);
      return;
    }
    const { payload } = verified;
    this.#peerKey = payload.identityKey;
    if (trustStore.trustOf(this.facts.username, payload.identityKey) === 'changed') {
      this.handler.identityChanged(this, payload.identityKey);
      this.end('identity-changed', 'you');
      return;
    }
    this.#connecting('accepted', PRIVATE_LIMITS.raceMs + 2 * PRIVATE_LIMITS.tunnelMs);
    const { relayOnly } = this.#introducing(this.#own);
    const path = this.#negotiatePath(this.#own, payload, this.#own.nonce, payload.relayOnly || relayOnly);
    path.start(payload.candidates);
  }

  /** A signal of the peer. @param observed address of the peer as the server sees it */
  signalled(encoded: string, observed: string | undefined): void {
    if (this.#path === undefined || this.isOver) return;
    const { clock, crypto } = this.context;
    const verified = verifyIntroduction(encoded, { purpose: 'signal', ...this.#expected(clock.now()) }, crypto);
    if (!verified.ok) {
      this.#distrust(verified.fault);
      return;
    }
    const { payload } = verified;
    if (payload.sequence <= this.#peerSequence) {
      this.#distrust('replayed');
      return;
    }
    this.#peerSequence = payload.sequence;
    this.#path.signalled(payload, observed);
  }

  /** @returns false where too many messages are waiting already */
  say(message: PrivateMessage): boolean {
    return this.#exchange.say(message);
  }

  setTyping(typing: boolean): void {
    this.#exchange.setTyping(typing);
  }

  setKeep(keep: boolean): void {
    this.#keep = { ...this.#keep, own: keep };
    this.#exchange.setKeep(keep);
    this.handler.changed(this);
  }

  /** Looks at the identity again, after somebody accepted or verified it. */
  identityJudged(): void {
    const { username } = this.facts;
    if (this.#peerKey === undefined) return;
    const trust = this.context.trustStore.trustOf(username, this.#peerKey);
    if (this.#state.state === 'asked' || this.#state.state === 'open') this.#become({ ...this.#state, trust });
  }

  serverBack(): void {
    this.#path?.serverBack();
  }

  /** Ends it from this side: the peer and the server are told. */
  end(reason: PrivateEnd, by: 'you' | 'peer', bye: ByeReason = 'ended'): void {
    if (this.isOver) return;
    const { sid } = this.facts;
    switch (this.#state.state) {
      case 'asking':
        // Whether the server has already passed a yes on is not known here; one of the two is right.
        void this.context.request('private.cancel', { sid }).then((outcome) => {
          if (!outcome.ok) this.#tellServer('private.end', { sid });
        });
        break;
      case 'asked':
        this.#tellServer('private.answer', { sid, accept: false });
        break;
      case 'connecting':
      case 'open':
      case 'ended':
        this.#tellServer('private.end', { sid });
    }
    this.#over(reason, by, bye);
  }

  /**
   * This client goes. The peer is told on the link; the server knows by itself, and tells whom the link does not reach
   * (B6). Only a request is taken back, which would else look as if it could still be answered.
   */
  leave(bye: 'left' | 'timed-out'): void {
    if (this.#state.state === 'asking') this.#tellServer('private.cancel', { sid: this.facts.sid });
    this.#over('signed-out', 'you', bye);
  }

  /** It is over for the server, or the request never came to be: nobody is told but the person. */
  over(reason: PrivateEnd, by: PrivateEnding['by']): void {
    if (reason === 'blocked' && by === 'peer') {
      // No goodbye, which might overtake the server: whoever blocks hears of it there, as their own doing.
      this.#connection?.drop();
      this.#connection = undefined;
    }
    this.#over(reason, by);
  }

  async #prepare(): Promise<boolean> {
    const { certificates, random } = this.context;
    try {
      this.#own = { certificate: await certificates.make(), nonce: toBase64(random.bytes(32)) };
    } catch {
      this.end('failed', 'you');
    }
    return !this.isOver;
  }

  #common() {
    const { sid, role, username, ownName } = this.facts;
    const madeAt = this.context.clock.now();
    return {
      sid,
      asker: role === 'asker' ? ownName : username,
      answerer: role === 'asker' ? username : ownName,
      madeAt,
      expiresAt: madeAt + PRIVATE_LIMITS.introductionLifeMs / 2,
    };
  }

  #introducing({ certificate, nonce }: { readonly certificate: ThrowAwayCertificate; readonly nonce: string }) {
    const relayOnly = this.context.neverRevealAddress(this.facts.username);
    return { certificate: certificate.certificate, nonce, relayOnly };
  }

  #expected(now: number) {
    const { asker, answerer, sid } = this.#common();
    return { sid, asker, answerer, identityKey: this.#peerKey, ownKey: this.context.identity.identityKey, now };
  }

  #negotiatePath(
    own: { readonly certificate: ThrowAwayCertificate },
    peer: Offer | Answer,
    ownNonce: string,
    relayOnly: boolean,
  ): PathNegotiator {
    const { sid, role } = this.facts;
    const { identityKey } = this.context.identity;
    const keys =
      role === 'asker'
        ? { askerKey: identityKey, answererKey: peer.identityKey, askerNonce: ownNonce, answererNonce: peer.nonce }
        : { askerKey: peer.identityKey, answererKey: identityKey, askerNonce: peer.nonce, answererNonce: ownNonce };
    const facts = { sid, role, own: own.certificate, peerCertificate: peer.certificate, relayOnly, ...keys };
    this.#path = new PathNegotiator(facts, this.context, {
      signal: (round, about, candidates, observed) => this.#signal(round, about, candidates, observed),
      opened: (connection) => this.#opened(connection),
      line: (line) => this.#exchange.line(line),
      writable: () => this.#exchange.pump(),
      lost: () => this.#pathLost(),
      ended: (end) => this.#connectionEnded(end),
      noPath: () => this.end('no-path', 'you'),
      impostor: () => this.end('impostor', 'you'),
    });
    return this.#path;
  }

  #signal(round: number, about: Signal['about'], candidates: readonly Candidate[], observed: boolean): void {
    if (this.#peerKey === undefined || this.isOver) return;
    this.#sequence++;
    const { identity, crypto } = this.context;
    const parts = { ...this.#common(), peerKey: this.#peerKey, sequence: this.#sequence, round, about };
    const payload = signIntroduction<Signal>(
      { purpose: 'signal', ...parts, candidates: [...candidates] },
      identity,
      crypto,
    );
    const { sid } = this.facts;
    this.#tellServer('private.signal', observed ? { sid, payload, observed } : { sid, payload });
  }

  #opened(connection: PeerConnection): void {
    const { clock, trustStore } = this.context;
    this.#deadline?.cancel();
    this.#connection = connection;
    const trust = this.#meet(trustStore, clock.now());
    this.#become({ state: 'open', path: connection.path, trust });
    if (this.#connection === connection) this.#exchange.attach(connection);
  }

  #meet(trustStore: PrivateContext['trustStore'], now: number): IdentityTrust {
    const { username } = this.facts;
    try {
      return trustStore.trustOnFirstUse(username, this.#peerKey ?? '', now);
    } catch {
      // The disk does not take it: the identity stays unknown, and is asked about again next time.
      return 'new';
    }
  }

  #pathLost(): void {
    this.#exchange.detach();
    this.#connection = undefined;
    if (!this.isOver) this.#connecting('path-lost', PRIVATE_LIMITS.reconnectMs);
  }

  #connectionEnded(end: Exclude<PeerConnectionEnd, { kind: 'lost' }>): void {
    if (end.kind !== 'bye') {
      this.end(end.kind === 'authentication' ? 'impostor' : end.kind, 'you', 'protocol');
      return;
    }
    const left = end.reason === 'left' || end.reason === 'timed-out';
    const reason = end.reason === 'ended' ? 'ended' : left ? 'peer-left' : end.reason;
    if (reason !== 'peer-left') this.#tellServer('private.end', { sid: this.facts.sid });
    this.#over(reason, 'peer');
  }

  #connecting(because: 'accepted' | 'path-lost', deadlineMs: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.context.clock.after(deadlineMs, () =>
      this.end(because === 'accepted' ? 'no-path' : 'lost', 'you'),
    );
    this.#become({ state: 'connecting', because });
  }

  #distrust(fault: NonNullable<PrivateEnding['fault']>): void {
    this.#tellServer(this.#state.state === 'asking' ? 'private.cancel' : 'private.end', { sid: this.facts.sid });
    // A yes that cannot be trusted has made it a session for the server.
    if (this.#state.state === 'asking') this.#tellServer('private.end', { sid: this.facts.sid });
    this.#over('introduction', 'you', 'ended', fault);
  }

  #over(reason: PrivateEnd, by: PrivateEnding['by'], bye: ByeReason = 'ended', fault?: PrivateEnding['fault']): void {
    if (this.isOver) return;
    this.#deadline?.cancel();
    this.#connection?.bye(bye);
    this.#connection = undefined;
    this.#path?.stop();
    this.#exchange.detach();
    const { unconfirmed } = this.#exchange;
    this.#become({ state: 'ended', ending: privateEnding(this.facts.username, reason, by, fault) });
    if (unconfirmed.length > 0) this.handler.undelivered(this, unconfirmed);
  }

  #tellServer<M extends 'private.answer' | 'private.signal' | 'private.cancel' | 'private.end'>(
    method: M,
    params: ClientParams<M>,
  ): void {
    // What fails here is either known to be over at the server, or told again when the connection is back.
    void this.context.request(method, params).then((_outcome: Outcome<unknown>) => undefined);
  }

  #become(state: PrivateState): void {
    this.#state = state;
    this.handler.changed(this);
  }
}
