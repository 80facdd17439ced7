import { TUNNEL_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

const TOKEN_BYTES = 32;

/** Randomness and hashing for tunnel tokens, as a port. */
export interface TunnelCrypto {
  randomBytes(count: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  toBase64Url(bytes: Uint8Array): string;
}

/** One side of the tunnel of a session. */
export interface TunnelAdmission {
  readonly sid: string;
  readonly account: AccountId;
}

/** The slot of one side of a tunnel: taken by a valid token or by a connection in the tunnel. */
interface TunnelSlot extends TunnelAdmission {
  token: { readonly hash: string; readonly expiresAt: number } | undefined;
  isInside: boolean;
}

/**
 * Tokens and slots of the blind tunnels, whose bytes the server copies without reading them (F4). Time is an argument, in
 * milliseconds; there is no other input or output.
 */
export class TunnelRegistry {
  /** Keyed by session: one slot for each of its two accounts. */
  readonly #slots = new Map<string, TunnelSlot[]>();
  /** Keyed by hash of the token, so that the time of a lookup does not depend on how much of the token is right. */
  readonly #tokens = new Map<string, TunnelSlot>();

  constructor(private readonly crypto: TunnelCrypto) {}

  /**
   * Issues a token for one side, good for `TUNNEL_LIMITS.tokenLifetimeMs`; it replaces an unused one.
   * @returns undefined if the side needs a new slot and the account or the server has reached its limit
   */
  admit(sid: string, account: AccountId, now: number): { token: string; expiresAt: number } | undefined {
    this.#sweep(now);
    const slot = this.#findOrCreateSlot(sid, account);
    if (!slot) return undefined;
    this.#dropToken(slot);
    const token = this.crypto.toBase64Url(this.crypto.randomBytes(TOKEN_BYTES));
    const expiresAt = now + TUNNEL_LIMITS.tokenLifetimeMs;
    const hash = this.#hash(token);
    slot.token = { hash, expiresAt };
    this.#tokens.set(hash, slot);
    return { token, expiresAt };
  }

  /** Consumes a token: it works once. @returns undefined if the token is unknown or expired */
  redeem(token: string, now: number): TunnelAdmission | undefined {
    const slot = this.#tokens.get(this.#hash(token));
    if (!slot?.token) return undefined;
    const isGood = now < slot.token.expiresAt;
    this.#dropToken(slot);
    if (isGood) return slot;
    this.#sweep(now);
    return undefined;
  }

  /** A connection holds the slot of a token from now on; called at once after `redeem`, when no token holds the slot any more. */
  entered({ sid, account }: TunnelAdmission): void {
    const slot = this.#findOrCreateSlot(sid, account);
    if (slot) slot.isInside = true;
  }

  /** Frees the slots of an ended tunnel, except those with a token for the next tunnel of the session. */
  ended(sid: string, now: number): void {
    for (const slot of this.#slots.get(sid) ?? []) slot.isInside = false;
    this.#sweep(now);
  }

  /** Drops all slots and tokens of an ended session. */
  forget(sid: string): void {
    for (const slot of this.#slots.get(sid) ?? []) this.#dropToken(slot);
    this.#slots.delete(sid);
  }

  /** The slot of a side; a new one if there is room. */
  #findOrCreateSlot(sid: string, account: AccountId): TunnelSlot | undefined {
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

  #dropToken(slot: TunnelSlot): void {
    if (slot.token) this.#tokens.delete(slot.token.hash);
    slot.token = undefined;
  }

  /** Frees the slots without a connection and without a valid token. */
  #sweep(now: number): void {
    for (const [sid, slots] of this.#slots) {
      const held = slots.filter((each) => {
        if (each.token && each.token.expiresAt <= now) this.#dropToken(each);
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
