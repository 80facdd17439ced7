import { TUNNEL_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

const TOKEN_BYTES = 32;
/** The randomness and hashing that tokens need, as a port. */
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

/** A side's slot in a tunnel: held by a token that may still be used, or by a connection inside. */
interface TunnelSlot extends TunnelAdmission {
  token: { readonly hash: string; readonly expiresAt: number } | undefined;
  isInside: boolean;
}

/** Who may enter which blind tunnel, and how many there are (F4). Pure: time is an argument. */
export class TunnelRegistry {
  /** By session; each has two at most. */
  readonly #slots = new Map<string, TunnelSlot[]>();
  /** By the hash of the token, so that looking one up takes the same time whatever part of it is right. */
  readonly #tokens = new Map<string, TunnelSlot>();

  constructor(private readonly crypto: TunnelCrypto) {}

  /** @returns undefined where the account, or the server, has as many tunnels as it may */
  admit(sid: string, account: AccountId, now: number): { token: string; expiresAt: number } | undefined {
    this.#sweep(now);
    const slot = this.#slot(sid, account);
    if (!slot) return undefined;
    // A new token takes the place of one that was not used.
    this.#drop(slot);
    const token = this.crypto.toBase64Url(this.crypto.randomBytes(TOKEN_BYTES));
    const expiresAt = now + TUNNEL_LIMITS.tokenLifetimeMs;
    const hash = this.#hash(token);
    slot.token = { hash, expiresAt };
    this.#tokens.set(hash, slot);
    return { token, expiresAt };
  }

  /** Uses a token up. @returns undefined where it is not, or no longer, good */
  redeem(token: string, now: number): TunnelAdmission | undefined {
    const slot = this.#tokens.get(this.#hash(token));
    if (!slot?.token) return undefined;
    const isGood = now < slot.token.expiresAt;
    this.#drop(slot);
    if (isGood) return slot;
    this.#sweep(now);
    return undefined;
  }

  /** A connection came in with what `redeem` gave. */
  entered({ sid, account }: TunnelAdmission): void {
    const slot = this.#slot(sid, account);
    if (slot) slot.isInside = true;
  }

  /** The tunnel of a session has ended. Tokens for the next one, asked for already, stay good. */
  ended(sid: string, now: number): void {
    for (const slot of this.#slots.get(sid) ?? []) slot.isInside = false;
    this.#sweep(now);
  }

  /** The session itself has ended: nobody enters any more. */
  forget(sid: string): void {
    for (const slot of this.#slots.get(sid) ?? []) this.#drop(slot);
    this.#slots.delete(sid);
  }

  /** The place of a side, a new one where there is room. */
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

  /** Gives back the slots that nobody is in and that no token is good for. */
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
