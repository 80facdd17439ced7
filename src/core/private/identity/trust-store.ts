import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import type { IdentityStore } from '../private-ports.ts';

/**
 * Trust in the device identities of users: trusted on first use, verified after the user has compared the safety number,
 * replaced only when the user accepts that. Methods throw when the disk fails.
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

  /** The known identity of a user. */
  identityKeyOf(username: string): string | undefined {
    return this.store.get(foldUsername(username))?.identityKey;
  }

  /**
   * Stores an identity on its first use; a known one is not changed.
   * @param now milliseconds since 1970 UTC
   */
  trustOnFirstUse(username: string, identityKey: string, now: number): IdentityTrust {
    const trust = this.trustOf(username, identityKey);
    if (trust === 'new') this.#put(username, identityKey, false, now);
    return trust;
  }

  /** The user accepts a changed identity. It is not verified. */
  accept(username: string, identityKey: string, now: number): void {
    if (this.trustOf(username, identityKey) === 'changed') this.#put(username, identityKey, false, now);
  }

  /**
   * The user confirms the safety number, or revokes that.
   * @returns false if this is not the known identity
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
