import { TUNNEL_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

const TOKEN_BYTES = 32;
/** Randomness and hashing for tunnel tokens, as a port. */
export interface TunnelCrypto {
  randomBytes(count: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  toBase64Url(bytes: Uint8Array): string;
}

/** One side's right to enter a tunnel. */
export interface TunnelAdmission {
  readonly sid: string;
  readonly account: AccountId;
}

/** The slot of one side of a tunnel: taken by a valid token or by a connection in the tunnel. */
interface TunnelSlot extends TunnelAdmission {
  token: { readonly hash: string; readonly expiresAt: number } | undefined;
  isInside: boolean;
}

/** Tokens and slots of the blind tunnels (F4). Pure: time is an argument. */
export class TunnelRegistry {
  /** Keyed by session; at most two slots each. */
  readonly #slots = new Map<string, TunnelSlot[]>();
  /** Keyed by hash of the token, so that the time of a lookup does not depend on how much of the token is right. */
  readonly #tokens = new Map<string, TunnelSlot>();

  constructor(private readonly crypto: TunnelCrypto) {}

  /** @returns undefined if the account or the server has reached its limit of tunnels */
  admit(sid: string, account: AccountId, now: number): { token: string; expiresAt: number } | undefined {
    this.#sweep(now);
    const slot = this.#slot(sid, account);
    if (!slot) return undefined;
    // A new token replaces an unused one.
    this.#drop(slot);
    const token = this.crypto.toBase64Url(this.crypto.randomBytes(TOKEN_BYTES));
    const expiresAt = now + TUNNEL_LIMITS.tokenLifetimeMs;
    const hash = this.#hash(token);
    slot.token = { hash, expiresAt };
    this.#tokens.set(hash, slot);
    return { token, expiresAt };
  }

  /** Uses a token, which is then invalid. @returns undefined if the token is unknown or expired */
  redeem(token: string, now: number): TunnelAdmission | undefined {
    const slot = this.#tokens.get(this.#hash(token));
    if (!slot?.token) return undefined;
    const isGood = now < slot.token.expiresAt;
    this.#drop(slot);
    if (isGood) return slot;
    this.#sweep(now);
    return undefined;
  }

  /** Marks the slot of a redeemed token as taken by a connection. */
  entered({ sid, account }: TunnelAdmission): void {
    const slot = this.#slot(sid, account);
    if (slot) slot.isInside = true;
  }

  /** Frees the slots of an ended tunnel. Tokens for the next tunnel of the session stay valid. */
  ended(sid: string, now: number): void {
    for (const slot of this.#slots.get(sid) ?? []) slot.isInside = false;
    this.#sweep(now);
  }

  /** Drops all slots and tokens of an ended session. */
  forget(sid: string): void {
    for (const slot of this.#slots.get(sid) ?? []) this.#drop(slot);
    this.#slots.delete(sid);
  }

  /** The slot of a side; a new one if there is room. */
  #slot(sid: string, account: AccountId): TunnelSlot | undefined {
    const slots = this.#slots.get(sid);
    const mine = slots?.find((each) => each.account === account);
    if (mine) return mine;
    if (!slots && this.#slots.size >= TUNNEL_LIMITS.total) return undefined;
    if (this.#countOf(account) >= TUNNEL_LIMITS.perAccount) return undefined;
    const slot: TunnelSlot = { sid, account, token: undefined, isInside: false };
    this.#slots.set(sid, [...(slots ?? []), slot]);
    return slot;
  }

  #countOf(account: AccountId): number {
    let count = 0;
    for (const slots of this.#slots.values()) for (const each of slots) if (each.account === account) count++;
    return count;
  }

  #drop(slot: TunnelSlot): void {
    if (slot.token) this.#tokens.delete(slot.token.hash);
    slot.token = undefined;
  }

  /** Frees the slots without a connection and without a valid token. */
  #sweep(now: number): void {
    for (const [sid, slots] of this.#slots) {
      const held = slots.filter((each) => {
        if (each.token && each.token.expiresAt <= now) this.#drop(each);
        return each.isInside || each.token;
      });
      if (held.length === 0) this.#slots.delete(sid);
      else if (held.length < slots.length) this.#slots.set(sid, held);
    }
  }

  #hash(token: string): string {
    return this.crypto.toBase64Url(this.crypto.sha256(new TextEncoder().encode(token)));
  }
}
