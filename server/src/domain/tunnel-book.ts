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
}

/** A side's place in a tunnel: held by a token that may still be used, or by a connection inside. */
interface Place extends Admission {
  token: { readonly hash: string; readonly expiresAt: number } | undefined;
  isInside: boolean;
}

/** Who may enter which blind tunnel, and how many there are (F4). Pure: time is an argument. */
export class TunnelBook {
  /** By session; each has two at most. */
  readonly #places = new Map<string, Place[]>();
  /** By the hash of the token, so that looking one up takes the same time whatever part of it is right. */
  readonly #tokens = new Map<string, Place>();

  constructor(private readonly crypto: TunnelCrypto) {}

  /** @returns undefined where the person, or the server, has as many tunnels as it may */
  admit(sid: string, person: AccountId, now: number): { token: string; expiresAt: number } | undefined {
    this.#sweep(now);
    const place = this.#place(sid, person);
    if (!place) return undefined;
    // A new token takes the place of one that was not used.
    this.#drop(place);
    const token = this.crypto.toBase64Url(this.crypto.randomBytes(TOKEN_BYTES));
    const expiresAt = now + TOKEN_MS;
    const hash = this.#hash(token);
    place.token = { hash, expiresAt };
    this.#tokens.set(hash, place);
    return { token, expiresAt };
  }

  /** Uses a token up. @returns undefined where it is not, or no longer, good */
  redeem(token: string, now: number): Admission | undefined {
    const place = this.#tokens.get(this.#hash(token));
    if (!place?.token) return undefined;
    const isGood = now < place.token.expiresAt;
    this.#drop(place);
    if (isGood) return place;
    this.#sweep(now);
    return undefined;
  }

  /** A connection came in with what `redeem` gave. */
  entered({ sid, person }: Admission): void {
    const place = this.#place(sid, person);
    if (place) place.isInside = true;
  }

  /** The tunnel of a session has ended. Tokens for the next one, asked for already, stay good. */
  ended(sid: string, now: number): void {
    for (const place of this.#places.get(sid) ?? []) place.isInside = false;
    this.#sweep(now);
  }

  /** The session itself has ended: nobody enters any more. */
  forget(sid: string): void {
    for (const place of this.#places.get(sid) ?? []) this.#drop(place);
    this.#places.delete(sid);
  }

  /** The place of a side, a new one where there is room. */
  #place(sid: string, person: AccountId): Place | undefined {
    const places = this.#places.get(sid);
    const mine = places?.find((each) => each.person === person);
    if (mine) return mine;
    if (!places && this.#places.size >= TUNNELS_IN_ALL) return undefined;
    if (this.#countOf(person) >= TUNNELS_EACH) return undefined;
    const place: Place = { sid, person, token: undefined, isInside: false };
    this.#places.set(sid, [...(places ?? []), place]);
    return place;
  }

  #countOf(person: AccountId): number {
    let count = 0;
    for (const places of this.#places.values()) for (const each of places) if (each.person === person) count++;
    return count;
  }

  #drop(place: Place): void {
    if (place.token) this.#tokens.delete(place.token.hash);
    place.token = undefined;
  }

  /** Gives back the places that nobody is in and that no token is good for. */
  #sweep(now: number): void {
    for (const [sid, places] of this.#places) {
      const held = places.filter((each) => {
        if (each.token && each.token.expiresAt <= now) this.#drop(each);
        return each.isInside || each.token;
      });
      if (held.length === 0) this.#places.delete(sid);
      else if (held.length < places.length) this.#places.set(sid, held);
    }
  }

  #hash(token: string): string {
    return this.crypto.toBase64Url(this.crypto.sha256(new TextEncoder().encode(token)));
  }
}
