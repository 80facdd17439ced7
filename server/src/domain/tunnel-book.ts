import type { AccountId } from '../store/store.ts';

/** A token is good for so long, and once (F4). */
const TOKEN_MS = 60_000;
const TOKEN_BYTES = 32;
/** Tunnels of one person, and of all together: what bounds their buffers in memory (I3). */
const TUNNELS_EACH = 4;
const TUNNELS_IN_ALL = 512;

/** The randomness and hashing that tokens need, as a port. */
export interface TunnelCrypto {
  randomBytes(count: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  toBase64Url(bytes: Uint8Array): string;
}

/** One side's right to enter a tunnel. */
export interface Admission {
  readonly sid: string;
  readonly person: AccountId;
  readonly expiresAt: number;
}

/** Who may enter which blind tunnel, and how many there are (F4). Pure: time is an argument. */
export class TunnelBook {
  /** By the hash of the token, so that looking one up takes the same time whatever part of it is right. */
  readonly #admissions = new Map<string, Admission>();
  readonly #people = new Map<AccountId, Set<string>>();
  readonly #sids = new Set<string>();

  constructor(private readonly crypto: TunnelCrypto) {}

  /** @returns undefined where the person, or the server, has as many tunnels as it may */
  admit(sid: string, person: AccountId, now: number): { token: string; expiresAt: number } | undefined {
    const mine = this.#people.get(person) ?? new Set();
    if (!mine.has(sid) && mine.size >= TUNNELS_EACH) return undefined;
    if (!this.#sids.has(sid) && this.#sids.size >= TUNNELS_IN_ALL) return undefined;
    this.#people.set(person, mine.add(sid));
    this.#sids.add(sid);
    // A new token takes the place of one that was not used.
    for (const [key, each] of this.#admissions) {
      if (each.sid === sid && each.person === person) this.#admissions.delete(key);
    }
    const token = this.crypto.toBase64Url(this.crypto.randomBytes(TOKEN_BYTES));
    const expiresAt = now + TOKEN_MS;
    this.#admissions.set(this.#keyOf(token), { sid, person, expiresAt });
    return { token, expiresAt };
  }

  /** Uses a token up. @returns undefined where it is not, or no longer, good */
  redeem(token: string, now: number): Admission | undefined {
    const key = this.#keyOf(token);
    const admission = this.#admissions.get(key);
    this.#admissions.delete(key);
    return admission && now < admission.expiresAt ? admission : undefined;
  }

  /** Gives back the places of a session whose tunnel has ended. */
  forget(sid: string): void {
    if (!this.#sids.delete(sid)) return;
    for (const [key, each] of this.#admissions) if (each.sid === sid) this.#admissions.delete(key);
    for (const [person, sids] of this.#people) {
      if (sids.delete(sid) && sids.size === 0) this.#people.delete(person);
    }
  }

  #keyOf(token: string): string {
    return this.crypto.toBase64Url(this.crypto.sha256(new TextEncoder().encode(token)));
  }
}
