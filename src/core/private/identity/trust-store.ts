import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import type { IdentityStore, KnownIdentity } from '../private-ports.ts';

/** Other identities of one user that stay known. */
const OTHERS = 8;

/**
 * Trust in the device identities of users (F8, F10): the first one is trusted on first use, each further one only after the
 * user accepts it, and each is verified by its own safety number. Methods throw when the disk fails.
 */
export class TrustStore {
  constructor(private readonly store: IdentityStore) {}

  /** @param identityKey base64 of the SPKI DER */
  trustOf(username: string, identityKey: string): IdentityTrust {
    const known = this.#known(username);
    const found = known.find((one) => one.identityKey === identityKey);
    if (found === undefined) return known.length === 0 ? 'new' : 'changed';
    return found.verified ? 'verified' : 'known';
  }

  /** The identity that the user has used last. */
  identityKeyOf(username: string): string | undefined {
    return this.#known(username)[0]?.identityKey;
  }

  /**
   * Stores an identity on its first use, and notes the use of a known one.
   * @param now milliseconds since 1970 UTC
   */
  trustOnFirstUse(username: string, identityKey: string, now: number): IdentityTrust {
    const trust = this.trustOf(username, identityKey);
    if (trust === 'new') this.#putFirst(username, { identityKey, verified: false, since: now });
    else if (trust !== 'changed') this.#use(username, identityKey);
    return trust;
  }

  /** The user accepts a further identity. It is not verified; the others stay known. */
  accept(username: string, identityKey: string, now: number): void {
    if (this.trustOf(username, identityKey) === 'changed')
      this.#putFirst(username, { identityKey, verified: false, since: now });
  }

  /**
   * The user confirms the safety number, or revokes that.
   * @returns false if this is no known identity
   */
  setVerified(username: string, identityKey: string, verified: boolean): boolean {
    const known = this.#known(username);
    const changed = known.map((one) => (one.identityKey === identityKey ? { ...one, verified } : one));
    if (!known.some((one) => one.identityKey === identityKey)) return false;
    this.#put(username, changed);
    return true;
  }

  #known(username: string): readonly KnownIdentity[] {
    const record = this.store.get(foldUsername(username));
    if (record === undefined) return [];
    const { others = [], ...last } = record;
    return [last, ...others];
  }

  #use(username: string, identityKey: string): void {
    const [last, ...others] = this.#known(username);
    const used = others.find((one) => one.identityKey === identityKey);
    if (last !== undefined && used !== undefined) this.#putFirst(username, used);
  }

  #putFirst(username: string, identity: KnownIdentity): void {
    const others = this.#known(username).filter(({ identityKey }) => identityKey !== identity.identityKey);
    this.#put(username, [identity, ...others.slice(0, OTHERS)]);
  }

  #put(username: string, [last, ...others]: readonly KnownIdentity[]): void {
    if (last !== undefined) this.store.put(foldUsername(username), { ...last, ...(others.length > 0 && { others }) });
  }
}
