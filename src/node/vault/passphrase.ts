import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Characters of a new passphrase. */
export const PASSPHRASE_MIN = 8;
/** Cost of one guess of a passphrase. */
export type KeyCost = Pick<Derivation, 'memoryKiB' | 'passes' | 'lanes'>;
/** Second choice of RFC 9106, section 4; the first takes 2 GiB. Stored in each vault's file, so that a later version can raise it. */
const KEY_COST: KeyCost = { memoryKiB: 65_536, passes: 3, lanes: 4 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Derivation of a key from a passphrase. Bounded, so that a manipulated file cannot exhaust the machine. */
export const derivation = z.object({
  name: z.literal('argon2id'),
  memoryKiB: z.int().min(8_192).max(1_048_576),
  passes: z.int().min(1).max(32),
  lanes: z.int().min(1).max(16),
  /** Base64. */
  salt: z.string().min(20).max(128),
});
export type Derivation = z.infer<typeof derivation>;

/** Creates a derivation with a new salt. @param cost below the default in tests only */
export function newDerivation(cost: KeyCost = KEY_COST): Derivation {
  return { name: 'argon2id', ...cost, salt: randomBytes(SALT_BYTES).toString('base64') };
}

/** @returns 256 bits, independent of how a keyboard composes characters (NFKC) */
export async function deriveKey(passphrase: string, { memoryKiB, passes, lanes, salt }: Derivation): Promise<Buffer> {
  // Import it lazily, so that the rest works on a system without a build of it.
  const { hashRaw } = await import('@node-rs/argon2');
  return await hashRaw(passphrase.normalize('NFKC'), {
    memoryCost: memoryKiB,
    timeCost: passes,
    parallelism: lanes,
    outputLen: KEY_BYTES,
    salt: Buffer.from(salt, 'base64'),
  });
}
