import { foldUsername } from '../chat/conversation.ts';
import type { IdentityStanding } from './identities.ts';
import type { PrivateContext } from './private-context.ts';
import { type PrivateOutcome, refused } from './private-events.ts';
import { PRIVATE_LIMITS } from './private-limits.ts';
import { safetyNumber } from './safety-number.ts';

/** What a person does about identities (F8): compare, verify, accept a changed one. */
export class IdentityCommands {
  /** Identities that wait for somebody to accept them, by folded name. */
  readonly #changed = new Map<string, string>();

  constructor(private readonly context: PrivateContext) {}

  /** A changed identity was shown; it may be accepted now. Bounded: the oldest are forgotten first. */
  announce(username: string, identityKey: string): void {
    const folded = foldUsername(username);
    this.#changed.delete(folded);
    this.#changed.set(folded, identityKey);
    for (const oldest of this.#changed.keys()) {
      if (this.#changed.size <= PRIVATE_LIMITS.sessions) break;
      this.#changed.delete(oldest);
    }
  }

  /** @param sessionKey identity of the session with this person, if there is one */
  safetyNumber(
    username: string,
    sessionKey: string | undefined,
  ): PrivateOutcome<{ digits: string; standing: IdentityStanding }> {
    const { identities, identity, crypto } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return refused('identity-unknown');
    const own = { username: this.context.situation().username, identityKey: identity.identityKey };
    const digits = safetyNumber(own, { username, identityKey: key }, crypto);
    return { ok: true, result: { digits, standing: identities.judge(username, key) } };
  }

  /** @param sessionKey identity of the session with this person, if there is one */
  verify(
    username: string,
    sessionKey: string | undefined,
    verified: boolean,
  ): PrivateOutcome<{ standing: IdentityStanding }> {
    const { identities, clock } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return refused('identity-unknown');
    identities.meet(username, key, clock.now());
    if (!identities.setVerified(username, key, verified)) return refused('identity-changed');
    return { ok: true, result: { standing: identities.judge(username, key) } };
  }

  accept(username: string): PrivateOutcome<{ standing: IdentityStanding }> {
    const { identities, clock } = this.context;
    const key = this.#changed.get(foldUsername(username));
    if (key === undefined) return refused('identity-unknown');
    identities.accept(username, key, clock.now());
    this.#changed.delete(foldUsername(username));
    return { ok: true, result: { standing: identities.judge(username, key) } };
  }

  #presented(username: string, sessionKey: string | undefined): string | undefined {
    const changed = this.#changed.get(foldUsername(username));
    return changed ?? sessionKey ?? this.context.identities.keyOf(username);
  }
}
