import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { failed, type Outcome } from '../../../shared/client-api/failure.ts';
import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import type { PrivateContext } from '../private-context.ts';
import { computeSafetyNumber } from './safety-number.ts';

/** Commands on device identities (F8): compare, verify, accept a changed one. */
export class IdentityCommands {
  /** Changed identities that wait for the user's acceptance, by folded username. */
  readonly #changed = new Map<string, { readonly username: string; readonly identityKey: string }>();

  /** @param settled called when a user's changed identity no longer waits for acceptance */
  constructor(
    private readonly context: PrivateContext,
    private readonly settled: (username: string) => void,
  ) {}

  /** Remembers a changed identity for acceptance. Bounded: the oldest is forgotten first. */
  onChanged(username: string, identityKey: string): void {
    const folded = foldUsername(username);
    this.#changed.delete(folded);
    this.#changed.set(folded, { username, identityKey });
    for (const oldest of this.#changed.values()) {
      if (this.#changed.size <= PRIVATE_LIMITS.sessions) break;
      this.settle(oldest.username);
    }
  }

  /** The user has the known identity again, or the changed one was accepted. */
  settle(username: string): void {
    const folded = foldUsername(username);
    const changed = this.#changed.get(folded);
    if (changed === undefined) return;
    this.#changed.delete(folded);
    this.settled(changed.username);
  }

  /** @param sessionKey identity in the session with this user, if there is one */
  safetyNumber(username: string, sessionKey: string | undefined): Outcome<{ digits: string; trust: IdentityTrust }> {
    const { trustStore, identity, crypto } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return failed('identity-unknown');
    const own = { username: this.context.serverStatus().username, identityKey: identity.identityKey };
    const digits = computeSafetyNumber(own, { username, identityKey: key }, crypto);
    return { ok: true, result: { digits, trust: trustStore.trustOf(username, key) } };
  }

  /** @param sessionKey identity in the session with this user, if there is one */
  verify(username: string, sessionKey: string | undefined, verified: boolean): Outcome<{ trust: IdentityTrust }> {
    const { trustStore, clock } = this.context;
    const key = this.#presented(username, sessionKey);
    if (key === undefined) return failed('identity-unknown');
    trustStore.trustOnFirstUse(username, key, clock.now());
    if (!trustStore.setVerified(username, key, verified)) return failed('identity-changed');
    return { ok: true, result: { trust: trustStore.trustOf(username, key) } };
  }

  accept(username: string): Outcome<{ trust: IdentityTrust }> {
    const { trustStore, clock } = this.context;
    const key = this.#changed.get(foldUsername(username))?.identityKey;
    if (key === undefined) return failed('identity-unknown');
    trustStore.accept(username, key, clock.now());
    this.settle(username);
    return { ok: true, result: { trust: trustStore.trustOf(username, key) } };
  }

  #presented(username: string, sessionKey: string | undefined): string | undefined {
    const changed = this.#changed.get(foldUsername(username))?.identityKey;
    return changed ?? sessionKey ?? this.context.trustStore.identityKeyOf(username);
  }
}
