import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import type { PrivateContext } from '../private-context.ts';
import { refused } from '../refusals.ts';
import { safetyNumber } from './safety-number.ts';

/** What a person does about trustStore (F8): compare, verify, accept a changed one. */
export class IdentityCommands {
  /** Identities that wait for somebody to accept them, by folded name. */
  readonly #changed = new Map<string, { readonly username: string; readonly identityKey: string }>();

  /** @param settled there is no changed identity of this person to accept any more */
  constructor(
    private readonly context: PrivateContext,
    private readonly settled: (username: string) => void,
  ) {}

  /** A changed identity was shown; it may be accepted now. Bounded: the oldest are forgotten first. */
  onChanged(username: string, identityKey: string): void {
    const folded = foldUsername(username);
    this.#changed.delete(folded);
    this.#changed.set(folded, { username, identityKey });
    for (const oldest of this.#changed.values()) {
      if (this.#changed.size <= PRIVATE_LIMITS.sessions) break;
      this.settle(oldest.username);
    }
  }

  /** The person was met with the identity that is known, or the changed one was accepted. */
  settle(username: string): void {
    const folded = foldUsername(username);
    const changed = this.#changed.get(folded);
    if (changed === undefined) return;
    this.#changed.delete(folded);
    this.settled(changed.username);
  }

  /** @param sessionKey identity of the session with this person, if there is one */
  safetyNumber(username: string, sessionKey: string | undefined): Outcome<{ digits: string; trust: IdentityTrust }> {
    const { trustStore, identity, crypto } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return refused('identity-unknown');
    const own = { username: this.context.serverStatus().username, identityKey: identity.identityKey };
    const digits = safetyNumber(own, { username, identityKey: key }, crypto);
    return { ok: true, result: { digits, trust: trustStore.trustOf(username, key) } };
  }

  /** @param sessionKey identity of the session with this person, if there is one */
  verify(username: string, sessionKey: string | undefined, verified: boolean): Outcome<{ trust: IdentityTrust }> {
    const { trustStore, clock } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return refused('identity-unknown');
    trustStore.trustOnFirstUse(username, key, clock.now());
    if (!trustStore.setVerified(username, key, verified)) return refused('identity-changed');
    return { ok: true, result: { trust: trustStore.trustOf(username, key) } };
  }

  accept(username: string): Outcome<{ trust: IdentityTrust }> {
    const { trustStore, clock } = this.context;
    const key = this.#changed.get(foldUsername(username))?.identityKey;
    if (key === undefined) return refused('identity-unknown');
    trustStore.accept(username, key, clock.now());
    this.settle(username);
    return { ok: true, result: { trust: trustStore.trustOf(username, key) } };
  }

  #presented(username: string, sessionKey: string | undefined): string | undefined {
    const changed = this.#changed.get(foldUsername(username))?.identityKey;
    return changed ?? sessionKey ?? this.context.trustStore.identityKeyOf(username);
  }
}
