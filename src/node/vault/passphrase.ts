import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Characters of a new passphrase. */
export const PASSPHRASE_MIN = 8;
/** How much work one guess of a passphrase costs. */
export type KeyCost = Pick<Derivation, 'memoryKiB' | 'passes' | 'lanes'>;
/** The second of the two choices of RFC 9106, section 4; the first takes 2 GiB. Kept with each vault, so that it can be raised. */
const KEY_COST: KeyCost = { memoryKiB: 65_536, passes: 3, lanes: 4 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** How a passphrase becomes a key. Bounded: a file that somebody has changed must not eat up the machine. */
export const derivation = z.object({
  name: z.literal('argon2id'),
  memoryKiB: z.int().min(8_192).max(1_048_576),
  passes: z.int().min(1).max(32),
  lanes: z.int().min(1).max(16),
  /** Base64. */
  salt: z.string().min(20).max(128),
});
export type Derivation = z.infer<typeof derivation>;

/** A derivation with a new salt. @param cost less than the standard one in tests only */
export function newDerivation(cost: KeyCost = KEY_COST): Derivation {
  return { name: 'argon2id', ...cost, salt: randomBytes(SALT_BYTES).toString('base64') };
}

/** @returns 256 bits; the same for the same passphrase however a keyboard composes its characters */
export async function deriveKey(passphrase: string, { memoryKiB, passes, lanes, salt }: Derivation): Promise<Buffer> {
  // Only here: a system that it was not built for has everything else.
  const { hashRaw } = await import('@node-rs/argon2');
  return await hashRaw(passphrase.normalize('NFKC'), {
    memoryCost: memoryKiB,
    timeCost: passes,
    parallelism: lanes,
    outputLen: KEY_BYTES,
    salt: Buffer.from(salt, 'base64'),
  });
}
