import { SIGN_IN_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, TokenFamily } from '../store/store.ts';

const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;

/** Cryptography for tokens, as a port. */
export interface TokenCrypto {
  randomBytes(count: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  /** In constant time. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  toBase64Url(bytes: Uint8Array): string;
  /** @returns undefined if the text is not base64url */
  fromBase64Url(text: string): Uint8Array | undefined;
}

/** A token as a client presented it. */
export interface PresentedToken {
  readonly familyId: string;
  readonly secret: Uint8Array;
}

/** A new token with its family. Only the family is stored, and it has only the hash of the token. */
export interface IssuedToken {
  readonly family: TokenFamily;
  readonly token: string;
}

/** Result of a check of a token; `reused` means that another client has or had a copy. */
export type TokenVerdict = 'good' | 'expired' | 'reused';

/**
 * Resumption tokens: 256 bits, bound to one device, rotated at each use, stored as SHA-256 (B4). Pure except for the
 * port.
 */
export class Tokens {
  constructor(private readonly crypto: TokenCrypto) {}

  /** Starts a family after a sign-in with the password. */
  issue(account: AccountId, deviceId: string, now: number): IssuedToken {
    const { family, token } = this.open(deviceId, now);
    return { family: { ...family, account }, token };
  }

  /** Starts the family of an account that does not exist yet. */
  open(deviceId: string, now: number): { family: Omit<TokenFamily, 'account'>; token: string } {
    const id = this.crypto.toBase64Url(this.crypto.randomBytes(FAMILY_BYTES));
    const { secret, hash } = this.#secret();
    return {
      family: {
        id,
        deviceId,
        currentHash: hash,
        previousHash: null,
        previousUntil: 0,
        createdAt: now,
        expiresAt: now + SIGN_IN_LIMITS.tokenIdleMs,
      },
      token: `${id}.${this.crypto.toBase64Url(secret)}`,
    };
  }

  /** @returns undefined if the text does not have the format of a token */
  parse(token: string): PresentedToken | undefined {
    const [familyId, secretText, ...rest] = token.split('.');
    if (!familyId || !secretText || rest.length > 0) return undefined;
    const secret = this.crypto.fromBase64Url(secretText);
    return secret?.length === SECRET_BYTES ? { familyId, secret } : undefined;
  }

  judge(family: TokenFamily, presented: PresentedToken, deviceId: string, now: number): TokenVerdict {
    if (now >= family.expiresAt) return 'expired';
    const hash = this.crypto.sha256(presented.secret);
    if (deviceId !== family.deviceId) return 'reused';
    if (this.crypto.equal(hash, family.currentHash)) return 'good';
    if (!family.previousHash || !this.crypto.equal(hash, family.previousHash)) return 'reused';
    return now < family.previousUntil ? 'good' : 'reused';
  }

  /** Issues the next token of a family, after `judge` has accepted the presented one. */
  rotate(family: TokenFamily, presented: PresentedToken, now: number): IssuedToken {
    const { secret, hash } = this.#secret();
    return {
      family: {
        ...family,
        currentHash: hash,
        // The token just used stays valid, because the answer with the new one may be lost.
        previousHash: this.crypto.sha256(presented.secret),
        previousUntil: now + SIGN_IN_LIMITS.previousTokenMs,
        expiresAt: Math.min(now + SIGN_IN_LIMITS.tokenIdleMs, family.createdAt + SIGN_IN_LIMITS.tokenFamilyMs),
      },
      token: `${family.id}.${this.crypto.toBase64Url(secret)}`,
    };
  }

  #secret(): { secret: Uint8Array; hash: Uint8Array } {
    const secret = this.crypto.randomBytes(SECRET_BYTES);
    return { secret, hash: this.crypto.sha256(secret) };
  }
}
