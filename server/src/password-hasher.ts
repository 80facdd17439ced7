import { SIGN_IN_LIMITS } from '../../src/shared/limits.ts';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from './commands/services.ts';
import { Semaphore } from './domain/semaphore.ts';

/** Value of the library's enumeration, which exists only in its type declarations. */
const ARGON2ID = 2;

/** argon2id with the parameters that OWASP recommends for servers: 19 MiB, two passes, one lane (B1). */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords outside the main thread, two at the same time. */
export async function createPasswordHasher(): Promise<PasswordHasher> {
  const semaphore = new Semaphore(SIGN_IN_LIMITS.hashesAtOnce, SIGN_IN_LIMITS.hashesWaiting);
  // Verified instead of the hash of an unknown account, so that the time does not disclose which accounts exist.
  const decoy = await hash('decoy', OPTIONS);
  return {
    hash: (password) => semaphore.run(() => hash(password, OPTIONS)),
    verify: (encoded, password) =>
      semaphore.run(async () => {
        const right = await verify(encoded ?? decoy, password, OPTIONS);
        return right && encoded !== undefined;
      }),
  };
}
