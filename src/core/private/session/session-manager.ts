import type { Failure } from '../../../shared/client-api/failure.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { fitsBytes, fitsCharacters } from '../../../shared/protocol/text.ts';
import { uuidV7 } from '../../../shared/client-api/uuid.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { ActivityThrottle } from '../../session/activity-throttle.ts';
import type { PrivateMessage } from './message-window.ts';
import type { IdentityTrust } from '../identity/trust-store.ts';
import { IdentityCommands } from '../identity/identity-commands.ts';
import {
  INTRODUCTION_FAULTS,
  type IntroductionFault,
  type Offer,
  verifyIntroduction,
  UsedIntroductions,
} from '../signaling/introduction.ts';
import type { PrivateContext } from './session-context.ts';
import { PRIVATE_LIMITS } from '../private-limits.ts';
import { type PrivateEnd, privateEnding } from './session-ending.ts';
import {
  type PrivateEvent,
  type PrivateMessageView,
  type PrivateOutcome,
  type PrivateView,
  refused,
} from './session-events.ts';
import { PrivateSession } from './private-session.ts';
import type { SessionFacts, SessionHandler } from './session-state.ts';

/** All private sessions of a client. The server's notifications and the person's commands go in, events come out. */
export class PrivateSessionManager {
  readonly #sessions = new Map<string, PrivateSession>();
  readonly #used = new UsedIntroductions();
  readonly #throttle = new ActivityThrottle();
  readonly #identities: IdentityCommands;
  /** Requests of somebody whom we are asking ourselves, held until the server has judged ours. */
  readonly #crossing = new Map<string, PrivateSession>();
  /** Wakes whoever waits for such a request. */
  readonly #crossed = new Map<string, () => void>();
  readonly #asking = new Set<PrivateSession>();
  readonly #handler: SessionHandler<PrivateSession>;

  constructor(
    private readonly context: PrivateContext,
    private readonly emit: (event: PrivateEvent) => void,
  ) {
    this.#identities = new IdentityCommands(context, (username) => emit({ name: 'private.identitySettled', username }));
    this.#handler = {
      changed: (session) => this.#sessionChanged(session),
      message: (session, message) => this.#emitMessage(session, message, true),
      delivered: ({ facts: { sid, username } }, ids) => emit({ name: 'private.delivered', sid, username, ids }),
      undelivered: ({ facts: { sid, username } }, ids) => emit({ name: 'private.undelivered', sid, username, ids }),
      typing: ({ facts: { sid, username } }, typing) => emit({ name: 'private.typing', sid, username, typing }),
      identityChanged: (session, key) => this.#identityChanged(session.facts.username, key),
    };
  }

  /** Sessions and requests that are not over. */
  sessions(): PrivateView[] {
    return [...this.#sessions.values()].map(viewOf);
  }

  // ---- What the person does ----

  /**
   * Asks somebody to talk aside (F1); says yes where they are asking already.
   * @returns when the server has passed it on or refused it; refusals are the server's (`offline`, `blocked`, …) or ours
   */
  async ask(username: string, note?: string): Promise<PrivateOutcome<{ sid: string }>> {
    this.#activity();
    if (!fitsCharacters(note ?? '', LIMITS.noteCharacters)) return refused('note-too-long');
    const existing = this.#with(username);
    if (existing?.state.state === 'asked') return this.answer(username, true);
    if (existing !== undefined) return refused(existing.state.state === 'asking' ? 'already-asking' : 'already-open');
    if (this.#sessions.size >= PRIVATE_LIMITS.sessions) return refused('too-many-sessions');
    const { clock, random } = this.context;
    const sid = uuidV7(clock.now(), random);
    const session = this.#add({ sid, role: 'asker', username, ownName: this.context.serverStatus().username });
    this.#asking.add(session);
    this.#sessionChanged(session);
    const offer = await session.makeOffer();
    const outcome =
      offer === undefined
        ? refused('no-private-session')
        : await this.context.request(
            'private.request',
            note === undefined ? { sid, to: username, offer } : { sid, to: username, offer, note },
          );
    if (!outcome.ok && outcome.failure.reason === 'already-asking' && !session.isOver) await this.#theirs(username);
    this.#asking.delete(session);
    return this.#asked(session, outcome.ok ? undefined : outcome.failure);
  }

  /** Yes or no to a request. */
  answer(username: string, accept: boolean): PrivateOutcome<{ sid: string }> {
    this.#activity();
    const session = this.#with(username);
    if (session?.state.state !== 'asked') return refused('not-asked');
    if (!accept) session.end('declined', 'you');
    else if (session.state.trust === 'changed') return refused('identity-changed');
    else void session.accept();
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /** Takes a request back. */
  cancel(username: string): PrivateOutcome<{ sid: string }> {
    this.#activity();
    const session = this.#with(username);
    if (session?.state.state !== 'asking') return refused('not-asking');
    session.end('cancelled', 'you');
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /**
   * Says something in private (F5). Refused before the session was open; while its path is searched anew, it waits.
   * @param id made here where it is not given
   */
  say(username: string, text: string, id?: string): PrivateOutcome<PrivateMessageView> {
    this.#activity();
    const session = this.#talking(username);
    if (session === undefined) return refused('no-private-session');
    // What a peer would refuse must not leave: it would end the session there.
    if (text === '' || !text.isWellFormed()) return refused('text-invalid');
    if (!fitsBytes(text, LIMITS.textBytes)) return refused('too-long');
    const { clock, random } = this.context;
    const at = clock.now();
    const message = { id: id ?? uuidV7(at, random), text, at };
    const shown = this.#viewOfMessage(session, message, false);
    if (!session.say(message)) return refused('too-many-waiting');
    this.#emitMessage(session, message, false);
    return { ok: true, result: shown };
  }

  /** Ends a session, whatever its state (F6). */
  end(username: string): PrivateOutcome<{ sid: string }> {
    this.#activity();
    const session = this.#with(username);
    if (session === undefined) return refused('no-private-session');
    const { state } = session.state;
    session.end(state === 'asked' ? 'declined' : state === 'asking' ? 'cancelled' : 'ended', 'you');
    return { ok: true, result: { sid: session.facts.sid } };
  }

  /** Whether this session is to be kept; it is where both say so (F7). */
  setKeep(username: string, keep: boolean): PrivateOutcome<{ sid: string }> {
    const session = this.#talking(username);
    if (session === undefined) return refused('no-private-session');
    session.setKeep(keep);
    return { ok: true, result: { sid: session.facts.sid } };
  }

  setTyping(username: string, typing: boolean): void {
    this.#activity();
    this.#talking(username)?.setTyping(typing);
  }

  /** The safety number with somebody (F8), and how their identity stands; a changed one where that waits for acceptance. */
  safetyNumber(username: string): PrivateOutcome<{ digits: string; trust: IdentityTrust }> {
    return this.#identities.safetyNumber(username, this.#with(username)?.peerKey);
  }

  /** Marks an identity as verified, or takes that back. Throws when the disk fails. */
  verify(username: string, verified: boolean): PrivateOutcome<{ trust: IdentityTrust }> {
    const session = this.#with(username);
    const outcome = this.#identities.verify(username, session?.peerKey, verified);
    session?.identityJudged();
    return outcome;
  }

  /** Accepts the changed identity that was announced. Throws when the disk fails. */
  acceptIdentity(username: string): PrivateOutcome<{ trust: IdentityTrust }> {
    const outcome = this.#identities.accept(username);
    this.#with(username)?.identityJudged();
    return outcome;
  }

  // ---- What the server tells ----

  /** `private.requested` */
  requested(params: {
    readonly sid: string;
    readonly from: string;
    readonly offer: string;
    readonly note?: string | undefined;
  }): void {
    const { sid, from, note } = params;
    const { clock, crypto, identity } = this.context;
    const ownName = this.context.serverStatus().username;
    const expected = { purpose: 'offer', sid, asker: from, answerer: ownName, identityKey: undefined } as const;
    const now = clock.now();
    const verified = verifyIntroduction(params.offer, { ...expected, ownKey: identity.identityKey, now }, crypto);
    const fault = verified.ok ? (this.#used.take(verified.payload) ? undefined : 'replayed') : verified.fault;
    if (!verified.ok || fault !== undefined) {
      this.#warn(sid, from, fault ?? 'malformed');
      return;
    }
    const facts = { sid, role: 'answerer', username: from, ownName, offer: verified.payload } as const;
    this.#requestedBy(note === undefined ? facts : { ...facts, note }, verified.payload);
  }

  /** `private.answered` */
  answered({
    sid,
    accepted,
    answer,
  }: {
    readonly sid: string;
    readonly accepted: boolean;
    readonly answer?: string | undefined;
  }): void {
    const session = this.#sessions.get(sid);
    if (session === undefined) {
      if (accepted) this.#disown(sid);
    } else if (session.state.state === 'asking') {
      if (accepted) session.answered(answer);
      else session.over('declined', 'peer');
    }
  }

  /** `private.signal` */
  signal({
    sid,
    payload,
    observed,
  }: {
    readonly sid: string;
    readonly payload: string;
    readonly observed?: string | undefined;
  }): void {
    const session = this.#sessions.get(sid);
    // A session that this client does not know: it was restarted. The other side is told rather than left waiting.
    if (session === undefined) this.#disown(sid);
    else session.signalled(payload, observed);
  }

  /** `private.ended`. Ends the direct link as well, whatever the reason (E2, E3, B6). */
  ended({
    sid,
    by,
    reason,
  }: {
    readonly sid: string;
    readonly by?: string | undefined;
    readonly reason: string;
  }): void {
    const session = this.#sessions.get(sid);
    if (session === undefined) return;
    const self = by !== undefined && foldUsername(by) === foldUsername(session.facts.ownName);
    const known: PrivateEnd = isServerEnd(reason) ? reason : 'ended';
    session.over(known, self ? 'you' : by === undefined ? 'server' : 'peer');
  }

  /** Signed in again: sessions that lost their path meanwhile can look for another. */
  serverBack(): void {
    for (const session of this.#sessions.values()) session.serverBack();
  }

  /** Signed out, by whomever, or the program stops: every session ends, and the peers are told (B6). */
  endAll(bye: 'left' | 'timed-out'): void {
    for (const session of [...this.#sessions.values()]) session.leave(bye);
    this.#crossing.clear();
  }

  // ---- Inside ----

  #add(facts: SessionFacts): PrivateSession {
    const session = new PrivateSession(facts, this.context, this.#handler);
    this.#sessions.set(facts.sid, session);
    return session;
  }

  #with(username: string): PrivateSession | undefined {
    const folded = foldUsername(username);
    for (const session of this.#sessions.values()) {
      if (foldUsername(session.facts.username) === folded && !this.#isHeld(session)) return session;
    }
    return undefined;
  }

  #isHeld(session: PrivateSession): boolean {
    return this.#crossing.get(foldUsername(session.facts.username)) === session;
  }

  #talking(username: string): PrivateSession | undefined {
    const session = this.#with(username);
    const state = session?.state;
    const open = state?.state === 'open' || (state?.state === 'connecting' && state.because === 'path-lost');
    return open ? session : undefined;
  }

  /**
   * A verified request. Somebody whom we are asking ourselves at this moment needs no further yes: where the server has
   * refused ours, theirs is taken; where it took both, the one with the smaller id, on either side.
   */
  #requestedBy(facts: SessionFacts, offer: Offer): void {
    const existing = this.#with(facts.username);
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
    this.#crossing.set(foldUsername(facts.username), session);
    this.#crossed.get(foldUsername(facts.username))?.();
    if (!this.#asking.has(existing)) this.#settleCrossing(existing, session);
  }

  /** Waits for the request that ours was refused for, where it is not here yet. */
  #theirs(username: string): Promise<void> {
    const folded = foldUsername(username);
    if (this.#crossing.has(folded)) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const timer = this.context.clock.after(PRIVATE_LIMITS.crossingMs, resolve);
      this.#crossed.set(folded, () => {
        timer.cancel();
        resolve();
      });
    }).then(() => {
      this.#crossed.delete(folded);
    });
  }

  /** Both requests are with the server. */
  #settleCrossing(ours: PrivateSession, theirs: PrivateSession): void {
    this.#crossing.delete(foldUsername(theirs.facts.username));
    if (ours.facts.sid.toLowerCase() < theirs.facts.sid.toLowerCase()) {
      theirs.end('crossed', 'you');
      return;
    }
    ours.end('crossed', 'you');
    this.#takeCrossing(theirs);
  }

  /** Our person has already said yes by asking; but for a changed identity, which needs acceptance first (F8). */
  #takeCrossing(theirs: PrivateSession): void {
    if (theirs.state.state === 'asked' && theirs.state.trust === 'changed') this.#sessionChanged(theirs);
    else void theirs.accept();
  }

  /** The server has judged a request of ours. */
  #asked(session: PrivateSession, failure: Failure | undefined): PrivateOutcome<{ sid: string }> {
    const folded = foldUsername(session.facts.username);
    const theirs = this.#crossing.get(folded);
    if (failure === undefined) {
      if (theirs !== undefined && !session.isOver) this.#settleCrossing(session, theirs);
      return { ok: true, result: { sid: session.facts.sid } };
    }
    this.#crossing.delete(folded);
    if (theirs !== undefined && !theirs.isOver) {
      session.over('crossed', 'you');
      this.#takeCrossing(theirs);
      return { ok: true, result: { sid: theirs.facts.sid } };
    }
    session.over('refused', 'server');
    return { ok: false, failure };
  }

  #sessionChanged(session: PrivateSession): void {
    if (session.isOver) this.#sessions.delete(session.facts.sid);
    // Whoever is met with the known identity has proven that it is still theirs.
    if (session.state.state === 'open' && session.state.trust !== 'changed') {
      this.#identities.settle(session.facts.username);
    }
    if (!this.#isHeld(session)) this.emit({ name: 'private.changed', session: viewOf(session) });
    else if (session.isOver) this.#crossing.delete(foldUsername(session.facts.username));
  }

  #viewOfMessage({ facts }: PrivateSession, message: PrivateMessage, incoming: boolean): PrivateMessageView {
    return { ...message, sid: facts.sid, username: facts.username, incoming };
  }

  #emitMessage(session: PrivateSession, message: PrivateMessage, incoming: boolean): void {
    const keep = session.keep.own && session.keep.peer;
    this.emit({ name: 'private.message', message: this.#viewOfMessage(session, message, incoming), keep });
  }

  #identityChanged(username: string, identityKey: string): void {
    this.#identities.onChanged(username, identityKey);
    this.emit({ name: 'private.identityChanged', username, identityKey });
  }

  #warn(sid: string, username: string, fault: IntroductionFault): void {
    // A forged request that borrows the id of a living session must not end that one.
    if (!this.#sessions.has(sid)) void this.context.request('private.answer', { sid, accept: false });
    this.emit({
      name: 'private.warning',
      username,
      fault,
      text: `${privateEnding(username, 'introduction', 'you').text} ${INTRODUCTION_FAULTS[fault]}`,
    });
  }

  #disown(sid: string): void {
    void this.context.request('private.end', { sid });
  }

  #activity(): void {
    if (this.#throttle.due(this.context.clock.now(), this.context.serverStatus().timeoutSeconds))
      this.context.activity();
  }
}

function viewOf(session: PrivateSession): PrivateView {
  const { facts, state, keep } = session;
  return { sid: facts.sid, username: facts.username, initiator: facts.role === 'asker', state, keep };
}

function isServerEnd(
  reason: string,
): reason is 'declined' | 'cancelled' | 'expired' | 'ended' | 'peer-left' | 'blocked' {
  return ['declined', 'cancelled', 'expired', 'ended', 'peer-left', 'blocked'].includes(reason);
}
