import { LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { isBlank } from '../../../shared/client-api/blank-text.ts';
import { type Failure, failed, type Outcome } from '../../../shared/client-api/failure.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import type {
  IdentityTrust,
  IntroductionFault,
  PrivateEndingReason,
  PrivateMessage,
  PrivateSessionView,
} from '../../../shared/client-api/private-view.ts';
import { uuidV7 } from '../../../shared/client-api/uuid.ts';
import type { ServerParams } from '../../../shared/protocol/messages.ts';
import { PRIVATE_END_REASONS, type PrivateEndReason } from '../../../shared/protocol/reasons.ts';
import { fitsBytes, fitsCharacters } from '../../../shared/protocol/text.ts';
import { ActivityThrottle } from '../../session/activity-throttle.ts';
import { IdentityCommands } from '../identity/identity-commands.ts';
import type { PrivateContext } from '../private-context.ts';
import type { EmitPrivateEvent } from '../private-events.ts';
import { type OfferPayload, UsedIntroductions, verifyIntroduction } from '../signaling/introduction.ts';
import { CrossingRequests } from './crossing-requests.ts';
import type { PeerMessage } from './message-window.ts';
import { PrivateSession } from './private-session.ts';
import type { SessionFacts, SessionHandler } from './session-state.ts';

/** All private sessions of a client: takes the user's commands and the server's notifications, emits events. */
export class PrivateSessionManager {
  readonly #sessions = new Map<string, PrivateSession>();
  readonly #used = new UsedIntroductions();
  readonly #throttle = new ActivityThrottle();
  readonly #identities: IdentityCommands;
  readonly #crossing: CrossingRequests;
  readonly #asking = new Set<PrivateSession>();
  readonly #handler: SessionHandler<PrivateSession>;

  constructor(
    private readonly context: PrivateContext,
    private readonly emit: EmitPrivateEvent,
  ) {
    this.#identities = new IdentityCommands(context, (username) => emit('private.identitySettled', { username }));
    this.#crossing = new CrossingRequests(context.clock);
    this.#handler = {
      changed: (session) => this.#sessionChanged(session),
      message: (session, message) => this.#emitMessage(session, message, true),
      delivered: ({ facts: { sid, username } }, ids) => emit('private.delivered', { sid, username, ids }),
      undelivered: ({ facts: { sid, username } }, ids) => emit('private.undelivered', { sid, username, ids }),
      typing: ({ facts: { sid, username } }, typing) => emit('private.typing', { sid, username, typing }),
      identityChanged: (session, key) => this.#identityChanged(session.facts.username, key),
    };
  }

  /** Sessions and requests that have not ended. */
  sessions(): PrivateSessionView[] {
    return [...this.#sessions.values()].map(viewOf);
  }

  // ---- Commands of the user ----

  /**
   * Sends a request for a private session (F1), or accepts the request of that user.
   * @param hidesAddress the peer learns no address of this computer in this session (F9)
   * @returns after the server has passed the request on or refused it; failures are the server's or the client's
   */
  async ask(username: string, note?: string, hidesAddress = false): Promise<Outcome<{ sid: string }>> {
    this.#onActivity();
    if (!fitsCharacters(note ?? '', LIMITS.noteCharacters)) return failed('note-too-long');
    const existing = this.#sessionWith(username);
    if (existing?.state.state === 'asked') return this.answer(username, true, hidesAddress);
    if (existing !== undefined) return failed(existing.state.state === 'asking' ? 'already-asking' : 'already-open');
    if (this.#sessions.size >= PRIVATE_LIMITS.sessions) return failed('too-many-sessions');
    const { clock, random } = this.context;
    const sid = uuidV7(clock.now(), random);
    const session = this.#add({ sid, role: 'initiator', username, ownName: this.context.serverStatus().username });
    this.#asking.add(session);
    this.#sessionChanged(session);
    const offer = await session.makeOffer(hidesAddress);
    const outcome =
      offer === undefined
        ? failed('no-private-session')
        : await this.context.request(
            'private.request',
            note === undefined ? { sid, to: username, offer } : { sid, to: username, offer, note },
          );
    if (!outcome.ok && outcome.failure.reason === 'already-asking' && !session.isOver)
      await this.#crossing.wait(username);
    this.#asking.delete(session);
    return this.#asked(session, outcome.ok ? undefined : outcome.failure);
  }

  /** Accepts or declines the request of a user. @param hidesAddress as of `ask` */
  answer(username: string, accept: boolean, hidesAddress = false): Outcome<{ sid: string }> {
    this.#onActivity();
    const session = this.#sessionWith(username);
    if (session?.state.state !== 'asked') return failed('not-asked');
    if (!accept) session.end('declined', 'you');
    else if (session.state.trust === 'changed') return failed('identity-changed');
    else void session.accept(hidesAddress);
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /** Cancels the request to a user. */
  cancel(username: string): Outcome<{ sid: string }> {
    this.#onActivity();
    const session = this.#sessionWith(username);
    if (session?.state.state !== 'asking') return failed('not-asking');
    session.end('cancelled', 'you');
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /**
   * Sends a private message (F5). Refused before the session is open; during a reconnect the message waits.
   * @param id default: a new one
   */
  say(username: string, text: string, id?: string): Outcome<PrivateMessage> {
    this.#onActivity();
    const session = this.#openSessionWith(username);
    if (session === undefined) return failed('no-private-session');
    // A peer ends the session at a message that its schema refuses.
    if (text === '' || !text.isWellFormed()) return failed('text-invalid');
    if (isBlank(text)) return failed('text-blank');
    if (!fitsBytes(text, LIMITS.textBytes)) return failed('too-long');
    const { clock, random } = this.context;
    const at = clock.now();
    const message = { id: id ?? uuidV7(at, random), text, at };
    const shown = this.#viewOfMessage(session, message, false);
    if (!session.say(message)) return failed('too-many-waiting', { detail: 'private-messages' });
    this.#emitMessage(session, message, false);
    return { ok: true, result: shown };
  }

  /** Ends a session or request in any state (F6). */
  end(username: string): Outcome<{ sid: string }> {
    this.#onActivity();
    const session = this.#sessionWith(username);
    if (session === undefined) return failed('no-private-session');
    const { state } = session.state;
    session.end(state === 'asked' ? 'declined' : state === 'asking' ? 'cancelled' : 'ended', 'you');
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /** Asks to save this session; messages are saved only if both sides ask (F7). */
  setKeep(username: string, keep: boolean): Outcome<{ sid: string }> {
    const session = this.#openSessionWith(username);
    if (session === undefined) return failed('no-private-session');
    session.setKeep(keep);
    return { ok: true, result: { sid: session.facts.sid } };
  }

  setTyping(username: string, typing: boolean): void {
    this.#onActivity();
    this.#openSessionWith(username)?.setTyping(typing);
  }

  /** The safety number with a user and the trust of the identity (F8); of the changed identity while one waits. */
  safetyNumber(username: string): Outcome<{ digits: string; trust: IdentityTrust }> {
    return this.#identities.safetyNumber(username, this.#sessionWith(username)?.peerKey);
  }

  /** Marks an identity as verified or unverified. Throws when the disk fails. */
  verify(username: string, verified: boolean): Outcome<{ trust: IdentityTrust }> {
    const session = this.#sessionWith(username);
    const outcome = this.#identities.verify(username, session?.peerKey, verified);
    session?.trustChanged();
    return outcome;
  }

  /** Accepts the changed identity of a user. Throws when the disk fails. */
  acceptIdentity(username: string): Outcome<{ trust: IdentityTrust }> {
    const outcome = this.#identities.accept(username);
    this.#sessionWith(username)?.trustChanged();
    return outcome;
  }

  // ---- Notifications of the server ----

  /** `private.requested` */
  requested(params: ServerParams<'private.requested'>): void {
    const { sid, from, note } = params;
    const { clock, crypto, identity } = this.context;
    const ownName = this.context.serverStatus().username;
    const expected = { purpose: 'offer', sid, initiator: from, responder: ownName, identityKey: undefined } as const;
    const now = clock.now();
    const verified = verifyIntroduction(params.offer, { ...expected, ownKey: identity.identityKey, now }, crypto);
    const fault = verified.ok ? (this.#used.take(verified.payload) ? undefined : 'replayed') : verified.fault;
    if (!verified.ok || fault !== undefined) {
      this.#warn(sid, from, fault ?? 'malformed');
      return;
    }
    const facts = { sid, role: 'responder', username: from, ownName, offer: verified.payload } as const;
    this.#requestedBy(note === undefined ? facts : { ...facts, note }, verified.payload);
  }

  /** `private.answered` */
  answered({ sid, accepted, answer }: ServerParams<'private.answered'>): void {
    const session = this.#sessions.get(sid);
    if (session === undefined) {
      if (accepted) this.#endUnknown(sid);
    } else if (session.state.state === 'asking') {
      if (accepted) session.answered(answer);
      else session.over('declined', 'peer');
    }
  }

  /** `private.signal` */
  signal({ sid, payload, observed }: ServerParams<'private.signal'>): void {
    const session = this.#sessions.get(sid);
    // Unknown after a restart of this client: ending it spares the peer the wait.
    if (session === undefined) this.#endUnknown(sid);
    else session.signalled(payload, observed);
  }

  /** `private.ended`: ends the connection to the peer as well, for every reason (E2, E3, B6). */
  ended({ sid, by, reason }: ServerParams<'private.ended'>): void {
    const session = this.#sessions.get(sid);
    if (session === undefined) return;
    const self = by !== undefined && foldUsername(by) === foldUsername(session.facts.ownName);
    const known: PrivateEndingReason = isPrivateEndReason(reason) ? reason : 'ended';
    session.over(known, self ? 'you' : by === undefined ? 'server' : 'peer');
  }

  /** Signed in again: sessions without a path can negotiate another. */
  serverBack(): void {
    for (const session of this.#sessions.values()) session.serverBack();
  }

  /** Ends every session and notifies the peers, after a sign-out or before the program stops (B6). */
  endAll(bye: 'left' | 'timed-out'): void {
    for (const session of [...this.#sessions.values()]) session.leave(bye);
    this.#crossing.clear();
  }

  #add(facts: SessionFacts): PrivateSession {
    const session = new PrivateSession(facts, this.context, this.#handler);
    this.#sessions.set(facts.sid, session);
    return session;
  }

  #sessionWith(username: string): PrivateSession | undefined {
    const folded = foldUsername(username);
    for (const session of this.#sessions.values()) {
      if (foldUsername(session.facts.username) === folded && !this.#crossing.has(session)) return session;
    }
    return undefined;
  }

  #openSessionWith(username: string): PrivateSession | undefined {
    const session = this.#sessionWith(username);
    const state = session?.state;
    const open = state?.state === 'open' || (state?.state === 'connecting' && state.because === 'path-lost');
    return open ? session : undefined;
  }

  /**
   * Takes a verified request. If both users request each other at the same time, no further acceptance is needed: if
   * the server refused this client's request, the peer's goes on; if it took both, both sides keep the smaller id.
   */
  #requestedBy(facts: SessionFacts, offer: OfferPayload): void {
    const existing = this.#sessionWith(facts.username);
    if (existing === undefined && this.#sessions.size >= PRIVATE_LIMITS.sessions) {
      void this.context.request('private.answer', { sid: facts.sid, accept: false });
      return;
    }
    const asking = existing?.state.state === 'asking';
    if (existing !== undefined && !asking) existing.end('lost', 'peer');
    const session = this.#add(facts);
    if (session.state.state === 'asked' && session.state.trust === 'changed') {
      this.#identityChanged(facts.username, offer.identityKey);
    }
    if (existing === undefined || !asking) {
      this.#sessionChanged(session);
      return;
    }
    this.#crossing.hold(session);
    if (!this.#asking.has(existing)) this.#settleCrossing(existing, session);
  }

  /** The server has taken both requests. */
  #settleCrossing(ours: PrivateSession, theirs: PrivateSession): void {
    this.#crossing.release(theirs.facts.username);
    if (ours.facts.sid.toLowerCase() < theirs.facts.sid.toLowerCase()) {
      theirs.end('crossed', 'you');
      return;
    }
    ours.end('crossed', 'you');
    this.#takeCrossing(theirs, ours);
  }

  /** The user agreed by requesting a session. A changed identity still needs acceptance first (F8). */
  #takeCrossing(theirs: PrivateSession, ours: PrivateSession): void {
    if (theirs.state.state === 'asked' && theirs.state.trust === 'changed') this.#sessionChanged(theirs);
    else void theirs.accept(ours.hidesAddress);
  }

  /** The server has answered a request of this client. */
  #asked(session: PrivateSession, failure: Failure | undefined): Outcome<{ sid: string }> {
    const { username } = session.facts;
    const theirs = this.#crossing.of(username);
    if (failure === undefined) {
      if (theirs !== undefined && !session.isOver) this.#settleCrossing(session, theirs);
      return { ok: true, result: { sid: session.facts.sid } };
    }
    this.#crossing.release(username);
    if (theirs !== undefined && !theirs.isOver) {
      session.over('crossed', 'you');
      this.#takeCrossing(theirs, session);
      return { ok: true, result: { sid: theirs.facts.sid } };
    }
    session.over('refused', 'server');
    return { ok: false, failure };
  }

  #sessionChanged(session: PrivateSession): void {
    if (session.isOver) this.#sessions.delete(session.facts.sid);
    // An open session proves that the peer still has the known identity.
    if (session.state.state === 'open' && session.state.trust !== 'changed') {
      this.#identities.settle(session.facts.username);
    }
    if (!this.#crossing.has(session)) this.emit('private.changed', { session: viewOf(session) });
    else if (session.isOver) this.#crossing.release(session.facts.username);
  }

  #viewOfMessage({ facts }: PrivateSession, message: PeerMessage, incoming: boolean): PrivateMessage {
    return { ...message, sid: facts.sid, username: facts.username, incoming };
  }

  #emitMessage(session: PrivateSession, message: PeerMessage, incoming: boolean): void {
    const keep = session.keep.own && session.keep.peer;
    this.emit('private.message', { message: this.#viewOfMessage(session, message, incoming), keep });
  }

  #identityChanged(username: string, identityKey: string): void {
    this.#identities.onChanged(username, identityKey);
    this.emit('private.identityChanged', { username, identityKey });
  }

  #warn(sid: string, username: string, fault: IntroductionFault): void {
    // A forged request with the id of a live session must not end that session.
    if (!this.#sessions.has(sid)) void this.context.request('private.answer', { sid, accept: false });
    this.emit('private.warning', { username, fault });
  }

  #endUnknown(sid: string): void {
    void this.context.request('private.end', { sid });
  }

  #onActivity(): void {
    if (this.#throttle.due(this.context.clock.now(), this.context.serverStatus().timeoutSeconds))
      this.context.activity();
  }
}

function viewOf(session: PrivateSession): PrivateSessionView {
  const { facts, state, keep } = session;
  return { sid: facts.sid, username: facts.username, initiator: facts.role === 'initiator', state, keep };
}

function isPrivateEndReason(reason: string): reason is PrivateEndReason {
  return (PRIVATE_END_REASONS as readonly string[]).includes(reason);
}
