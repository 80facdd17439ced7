import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a link may be used, milliseconds. */
export const KEY_LIFE_MS = 5 * 60_000;
/** Browsers that may be let in at the same time; the one let in first has to ask for a new link then. */
const PASSES = 16;
const BYTES = 32;

/**
 * Who may use the app over loopback, where every program and every person of this machine can connect: whoever has the
 * key of a link exchanges it, once, for a pass that their browser keeps as a cookie. Both are 256 random bits; only
 * hashes are kept, and compared in a time that tells nothing.
 */
export class EntryKeys {
  #key: { readonly hash: Buffer; readonly until: number } | undefined;
  #passes: Buffer[] = [];

  /** @param now milliseconds; injectable for tests */
  constructor(private readonly now: () => number = Date.now) {}

  /** Makes a key. One that was made before and not yet used is void. */
  issue(): string {
    const key = randomBytes(BYTES).toString('base64url');
    this.#key = { hash: hashOf(key), until: this.now() + KEY_LIFE_MS };
    return key;
  }

  /** @returns a pass, once for each key and only in time; undefined otherwise */
  redeem(key: string): string | undefined {
    const issued = this.#key;
    if (issued === undefined || this.now() > issued.until || !timingSafeEqual(issued.hash, hashOf(key))) {
      return undefined;
    }
    this.#key = undefined;
    const pass = randomBytes(BYTES).toString('base64url');
    this.#passes = [...this.#passes.slice(1 - PASSES), hashOf(pass)];
    return pass;
  }

  isPass(text: string): boolean {
    const hash = hashOf(text);
    // Every one is compared, so that the time does not tell which.
    return this.#passes.filter((pass) => timingSafeEqual(pass, hash)).length > 0;
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
