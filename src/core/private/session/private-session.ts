import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type {
  IdentityTrust,
  IntroductionFault,
  PrivateEnding,
  PrivateEndingReason,
  PrivatePath,
  PrivateSessionState,
} from '../../../shared/client-api/private-view.ts';
import type { ClientParams } from '../../../shared/protocol/messages.ts';
import type { Timer } from '../../ports.ts';
import { toBase64 } from '../bytes.ts';
import type { PrivateContext } from '../private-context.ts';
import type { SessionCertificate } from '../private-ports.ts';
import type { Candidate } from '../signaling/candidates.ts';
import {
  type AnswerPayload,
  type OfferPayload,
  type SignalPayload,
  signIntroduction,
  verifyIntroduction,
} from '../signaling/introduction.ts';
import { PathNegotiator } from '../transport/path-negotiator.ts';
import type { PeerConnectionEnd } from '../transport/peer-connection.ts';
import type { ByeReason } from '../transport/peer-protocol.ts';
import { MessageExchange } from './message-exchange.ts';
import type { PeerMessage } from './message-window.ts';
import { privateEnding } from './session-ending.ts';
import type { SessionFacts, SessionHandler } from './session-state.ts';

/** One private session or request, from the request to the end. In memory only: its data ends with it (F7). */
export class PrivateSession {
  #state: PrivateSessionState;
  readonly #exchange: MessageExchange;
  #own: { readonly certificate: SessionCertificate; readonly nonce: string } | undefined;
  #path: PathNegotiator | undefined;
  #peerKey: string | undefined;
  #sequence = 0;
  #peerSequence = 0;
  #deadline: Timer | undefined;
  #keep = { own: false, peer: false };
  #hidesAddress = false;

  constructor(
    readonly facts: SessionFacts,
    private readonly context: PrivateContext,
    private readonly handler: SessionHandler<PrivateSession>,
  ) {
    const { clock, trustStore } = context;
    // Measured by this computer's clock, which may differ from the server's.
    const expiresAt = clock.now() + PRIVATE_LIMITS.answerMs;
    const { offer, note, username } = facts;
    this.#peerKey = offer?.identityKey;
    this.#state =
      offer === undefined
        ? { state: 'asking', expiresAt }
        : {
            state: 'asked',
            expiresAt,
            ...(note === undefined ? {} : { note }),
            ...(offer.relayOnly ? { peerHidesAddress: true } : {}),
            trust: trustStore.trustOf(username, offer.identityKey),
          };
    const { answerMs, answerGraceMs } = PRIVATE_LIMITS;
    this.#deadline = clock.after(answerMs + answerGraceMs, () => this.#end('expired', 'server'));
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

  get state(): PrivateSessionState {
    return this.#state;
  }

  /** The sides that ask to save the session; messages are saved only if both do (F7). */
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

  /** Whether the peer never learns an address in this session, whatever the address rule says (F9). */
  get hidesAddress(): boolean {
    return this.#hidesAddress;
  }

  /** Makes the signed offer. @returns undefined if the session ended in between */
  async makeOffer(hidesAddress: boolean): Promise<string | undefined> {
    this.#hidesAddress = hidesAddress;
    if (!(await this.#prepare()) || this.#own === undefined) return undefined;
    const { crypto, identity } = this.context;
    const parts = { ...this.#common(), ...this.#introducing(this.#own) };
    return signIntroduction<OfferPayload>({ purpose: 'offer', ...parts }, identity, crypto);
  }

  /** Accepts the request of the peer. */
  async accept(hidesAddress: boolean): Promise<void> {
    const { offer, sid } = this.facts;
    if (this.#state.state !== 'asked' || offer === undefined) return;
    this.#hidesAddress = hidesAddress;
    this.#connecting('accepted', PRIVATE_LIMITS.raceMs + PRIVATE_LIMITS.raceGraceMs + 2 * PRIVATE_LIMITS.tunnelMs);
    if (!(await this.#prepare()) || this.#own === undefined) return;
    const own = this.#own;
    const introducing = this.#introducing(own);
    const path = this.#negotiatePath(own, offer, introducing.nonce, offer.relayOnly || introducing.relayOnly);
    path.prepareAnswer((candidates) => {
      const { identity, crypto } = this.context;
      const parts = { ...this.#common(), ...introducing, peerKey: offer.identityKey, candidates };
      const answer = signIntroduction<AnswerPayload>({ purpose: 'answer', ...parts }, identity, crypto);
      void this.context.request('private.answer', { sid, accept: true, answer }).then((outcome) => {
        if (this.isOver) return;
        if (outcome.ok) path.answerSent();
        else this.#end(outcome.failure.reason === 'no-such-request' ? 'expired' : 'failed', 'server');
      });
    });
  }

  /** The peer accepted the request. @param encoded the answer, as the server passed it on */
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

  /** The peer sent a signal. @param observed address of the peer as the server sees it */
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

  /** @returns false if too many messages are waiting already */
  say(message: PeerMessage): boolean {
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

  /** Reads the trust of the peer's identity again, after the user accepted or verified it. */
  trustChanged(): void {
    const { username } = this.facts;
    if (this.#peerKey === undefined) return;
    const trust = this.context.trustStore.trustOf(username, this.#peerKey);
    if (this.#state.state === 'asked' || this.#state.state === 'open') this.#setState({ ...this.#state, trust });
  }

  serverBack(): void {
    this.#path?.serverBack();
  }

  /** Ends the session from this side: the peer and the server are notified. */
  end(reason: PrivateEndingReason, by: 'you' | 'peer', bye: ByeReason = 'ended'): void {
    if (this.isOver) return;
    const { sid } = this.facts;
    switch (this.#state.state) {
      case 'asking':
        // The server may have passed an acceptance on already; then `private.end` is the right request.
        void this.context.request('private.cancel', { sid }).then((outcome) => {
          if (!outcome.ok) this.#notifyServer('private.end', { sid });
        });
        break;
      case 'asked':
        this.#notifyServer('private.answer', { sid, accept: false });
        break;
      case 'connecting':
      case 'open':
      case 'ended':
        this.#notifyServer('private.end', { sid });
    }
    this.#end(reason, by, bye);
  }

  /**
   * Ends the session because this client signs out. The server knows that and notifies peers without a connection (B6).
   * A pending request is cancelled, or the peer could still answer it.
   */
  leave(bye: 'left' | 'timed-out'): void {
    if (this.#state.state === 'asking') this.#notifyServer('private.cancel', { sid: this.facts.sid });
    this.#end('signed-out', 'you', bye);
  }

  /** Ends the session without notifying the server, which has ended or refused it. */
  over(reason: PrivateEndingReason, by: PrivateEnding['by']): void {
    // No goodbye to a peer that has blocked this user: it could overtake the server's notification, which names the block.
    if (reason === 'blocked' && by === 'peer') this.#path?.stop();
    this.#end(reason, by);
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

  #names() {
    const { role, username, ownName } = this.facts;
    return role === 'initiator'
      ? { initiator: ownName, responder: username }
      : { initiator: username, responder: ownName };
  }

  #common() {
    const { initiator, responder } = this.#names();
    const madeAt = this.context.clock.now();
    return {
      sid: this.facts.sid,
      asker: initiator,
      answerer: responder,
      madeAt,
      expiresAt: madeAt + PRIVATE_LIMITS.introductionLifeMs / 2,
    };
  }

  #introducing({ certificate, nonce }: { readonly certificate: SessionCertificate; readonly nonce: string }) {
    const relayOnly = this.#hidesAddress || this.context.neverRevealAddress(this.facts.username);
    return { certificate: certificate.certificate, nonce, relayOnly };
  }

  #expected(now: number) {
    const { sid } = this.facts;
    return {
      sid,
      ...this.#names(),
      identityKey: this.#peerKey,
      ownKey: this.context.identity.identityKey,
      now,
    };
  }

  #negotiatePath(
    own: { readonly certificate: SessionCertificate },
    peer: OfferPayload | AnswerPayload,
    ownNonce: string,
    relayOnly: boolean,
  ): PathNegotiator {
    const { sid, role } = this.facts;
    const { identityKey } = this.context.identity;
    const keys =
      role === 'initiator'
        ? {
            initiatorKey: identityKey,
            responderKey: peer.identityKey,
            initiatorNonce: ownNonce,
            responderNonce: peer.nonce,
          }
        : {
            initiatorKey: peer.identityKey,
            responderKey: identityKey,
            initiatorNonce: peer.nonce,
            responderNonce: ownNonce,
          };
    const facts = { sid, role, own: own.certificate, peerCertificate: peer.certificate, relayOnly, ...keys };
    this.#path = new PathNegotiator(facts, this.context, this.#exchange, {
      signal: (round, about, candidates, observed) => this.#signal(round, about, candidates, observed),
      opened: (openedPath) => this.#opened(openedPath),
      lost: () => this.#pathLost(),
      ended: (end) => this.#connectionEnded(end),
      noPath: () => this.end('no-path', 'you'),
      impostor: () => this.end('impostor', 'you'),
    });
    return this.#path;
  }

  #signal(round: number, about: SignalPayload['about'], candidates: readonly Candidate[], observed: boolean): void {
    if (this.#peerKey === undefined || this.isOver) return;
    this.#sequence++;
    const { identity, crypto } = this.context;
    const parts = { ...this.#common(), peerKey: this.#peerKey, sequence: this.#sequence, round, about };
    const unsigned = { purpose: 'signal' as const, ...parts, candidates: [...candidates] };
    const payload = signIntroduction<SignalPayload>(unsigned, identity, crypto);
    const { sid } = this.facts;
    this.#notifyServer('private.signal', observed ? { sid, payload, observed } : { sid, payload });
  }

  #opened(path: PrivatePath): void {
    this.#deadline?.cancel();
    this.#setState({ state: 'open', path, trust: this.#trustOnFirstUse() });
  }

  #trustOnFirstUse(): IdentityTrust {
    const { clock, trustStore } = this.context;
    try {
      return trustStore.trustOnFirstUse(this.facts.username, this.#peerKey ?? '', clock.now());
    } catch {
      // Not written to disk: the identity stays unknown and is new again in the next session.
      return 'new';
    }
  }

  #pathLost(): void {
    if (!this.isOver) this.#connecting('path-lost', PRIVATE_LIMITS.reconnectMs);
  }

  #connectionEnded(end: Exclude<PeerConnectionEnd, { kind: 'lost' }>): void {
    if (end.kind !== 'bye') {
      this.end(end.kind === 'authentication' ? 'impostor' : end.kind, 'you', 'protocol');
      return;
    }
    const left = end.reason === 'left' || end.reason === 'timed-out';
    const reason = end.reason === 'ended' ? 'ended' : left ? 'peer-left' : end.reason;
    if (reason !== 'peer-left') this.#notifyServer('private.end', { sid: this.facts.sid });
    this.#end(reason, 'peer');
  }

  #connecting(because: 'accepted' | 'path-lost', deadlineMs: number): void {
    this.#deadline?.cancel();
    this.#deadline = this.context.clock.after(deadlineMs, () =>
      this.end(because === 'accepted' ? 'no-path' : 'lost', 'you'),
    );
    this.#setState({ state: 'connecting', because });
  }

  #distrust(fault: IntroductionFault): void {
    this.#notifyServer(this.#state.state === 'asking' ? 'private.cancel' : 'private.end', { sid: this.facts.sid });
    // For the server, an answer that this client refuses has opened the session.
    if (this.#state.state === 'asking') this.#notifyServer('private.end', { sid: this.facts.sid });
    this.#end('introduction', 'you', 'ended', fault);
  }

  #end(
    reason: PrivateEndingReason,
    by: PrivateEnding['by'],
    bye: ByeReason = 'ended',
    fault?: IntroductionFault,
  ): void {
    if (this.isOver) return;
    this.#deadline?.cancel();
    this.#path?.end(bye);
    const { unconfirmed } = this.#exchange;
    this.#setState({ state: 'ended', ending: privateEnding(reason, by, fault) });
    if (unconfirmed.length > 0) this.handler.undelivered(this, unconfirmed);
  }

  #notifyServer<M extends 'private.answer' | 'private.signal' | 'private.cancel' | 'private.end'>(
    method: M,
    params: ClientParams<M>,
  ): void {
    // A failure needs no handling: the server has ended the session already, or the next connection repeats the request.
    void this.context.request(method, params);
  }

  #setState(state: PrivateSessionState): void {
    this.#state = state;
    this.handler.changed(this);
  }
}
