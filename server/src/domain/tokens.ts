import { SIGN_IN_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, TokenFamily } from '../store/store.ts';

const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;

/** The cryptography that tokens need, as a port. */
export interface TokenCrypto {
  randomBytes(count: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  /** In constant time. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  toBase64Url(bytes: Uint8Array): string;
  /** @returns undefined where the text is not base64url */
  fromBase64Url(text: string): Uint8Array | undefined;
}

/** A token as a client presented it. */
export interface PresentedToken {
  readonly familyId: string;
  readonly secret: Uint8Array;
}

/** A family with the token that was made for it; only the family is kept, and it knows the hash alone. */
export interface IssuedToken {
  readonly family: TokenFamily;
  readonly token: string;
}

/** How a presented token stands: `reused` means that somebody else has, or had, a copy. */
export type TokenVerdict = 'good' | 'expired' | 'reused';

/** Resumption tokens: 256 bits, of one device, rotated at each use, kept as SHA-256 (B4). Pure but for the port. */
export class Tokens {
  constructor(private readonly crypto: TokenCrypto) {}

  /** Starts a family: a sign-in with the password. */
  issue(account: AccountId, deviceId: string, now: number): IssuedToken {
    const { family, token } = this.open(deviceId, now);
    return { family: { ...family, account }, token };
  }

  /** Starts the family of an account that is still to be made. */
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

  /** @returns undefined where the text has not the form of a token */
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

  /** The next token of a family, after `judge` found the presented one good. */
  rotate(family: TokenFamily, presented: PresentedToken, now: number): IssuedToken {
    const { secret, hash } = this.#secret();
    return {
      family: {
        ...family,
        currentHash: hash,
        // The one just used: until the new one is used, its answer may have been lost.
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
