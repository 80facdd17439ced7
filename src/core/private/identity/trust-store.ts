import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import type { IdentityStore } from '../private-ports.ts';

/**
 * What is known of people's device identities: trusted at first use, verified when somebody has compared the safety
 * number, and never replaced without being asked. The store's methods throw when the disk fails, and so do these.
 */
export class TrustStore {
  constructor(private readonly store: IdentityStore) {}

  /** @param identityKey base64 of the SPKI DER */
  trustOf(username: string, identityKey: string): IdentityTrust {
    const record = this.store.get(foldUsername(username));
    if (record === undefined) return 'new';
    if (record.identityKey !== identityKey) return 'changed';
    return record.verified ? 'verified' : 'known';
  }

  /** The identity that this person is known by. */
  identityKeyOf(username: string): string | undefined {
    return this.store.get(foldUsername(username))?.identityKey;
  }

  /**
   * Remembers an identity at its first use; changes nothing about one that is known.
   * @param now milliseconds since 1970 UTC
   */
  trustOnFirstUse(username: string, identityKey: string, now: number): IdentityTrust {
    const trust = this.trustOf(username, identityKey);
    if (trust === 'new') this.#put(username, identityKey, false, now);
    return trust;
  }

  /** Somebody accepts a changed identity. It is not verified any more. */
  accept(username: string, identityKey: string, now: number): void {
    if (this.trustOf(username, identityKey) === 'changed') this.#put(username, identityKey, false, now);
  }

  /**
   * Somebody compared the safety number, or takes that back.
   * @returns false where this is not the identity that the person is known by
   */
  setVerified(username: string, identityKey: string, verified: boolean): boolean {
    const record = this.store.get(foldUsername(username));
    if (record?.identityKey !== identityKey) return false;
    this.#put(username, identityKey, verified, record.since);
    return true;
  }

  #put(username: string, identityKey: string, verified: boolean, since: number): void {
    this.store.put(foldUsername(username), { identityKey, verified, since });
  }
}
