import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { BROWSER_HOST_LIMITS } from '../shared/limits.ts';

const BYTES = 32;

/**
 * Controls access to the app over loopback, where every program and every user of this machine can connect: a browser
 * exchanges the key of a link, once, for a pass, which it stores as a cookie. Both are 256 random bits; only hashes are
 * stored, and compared in constant time.
 */
export class EntryKeys {
  #key: { readonly hash: Buffer; readonly until: number } | undefined;
  #passes: Buffer[] = [];

  /** @param now milliseconds; injectable for tests */
  constructor(private readonly now: () => number = Date.now) {}

  /** Creates a key. An unused key from before becomes invalid. */
  issue(): string {
    const key = randomBytes(BYTES).toString('base64url');
    this.#key = { hash: hashOf(key), until: this.now() + BROWSER_HOST_LIMITS.linkMs };
    return key;
  }

  /** @returns a pass, once for each key and before it expires; undefined otherwise */
  redeem(key: string): string | undefined {
    const issued = this.#key;
    if (issued === undefined || this.now() > issued.until || !timingSafeEqual(issued.hash, hashOf(key))) {
      return undefined;
    }
    this.#key = undefined;
    const pass = randomBytes(BYTES).toString('base64url');
    this.#passes = [...this.#passes.slice(1 - BROWSER_HOST_LIMITS.passes), hashOf(pass)];
    return pass;
  }

  isPass(text: string): boolean {
    const hash = hashOf(text);
    // Compare all passes, so that the time does not depend on which one matches.
    return this.#passes.filter((pass) => timingSafeEqual(pass, hash)).length > 0;
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
