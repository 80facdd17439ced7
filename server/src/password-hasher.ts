import { SIGN_IN_LIMITS } from '../../src/shared/limits.ts';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from './commands/services.ts';
import { Semaphore } from './domain/semaphore.ts';

/** Value of the library's enumeration, which exists only in its type declarations. */
const ARGON2ID = 2;

/** Memory (KiB) and passes that OWASP recommends for argon2id on servers: 19 MiB, two passes, one lane (B1). */
const COST = { memoryCost: 19_456, timeCost: 2 };
export type PasswordCost = typeof COST;

/** Hashes passwords outside the main thread, two at the same time. @param cost a lower cost, for tests only */
export async function createPasswordHasher(cost: PasswordCost = COST): Promise<PasswordHasher> {
  const options = { algorithm: ARGON2ID, parallelism: 1, ...cost };
  const semaphore = new Semaphore(SIGN_IN_LIMITS.hashesAtOnce, SIGN_IN_LIMITS.hashesWaiting);
  // Verified instead of the hash of an unknown account, so that the time does not disclose which accounts exist.
  const decoy = await hash('decoy', options);
  return {
    hash: (password) => semaphore.run(() => hash(password, options)),
    verify: (encoded, password) =>
      semaphore.run(async () => {
        const right = await verify(encoded ?? decoy, password, options);
        return right && encoded !== undefined;
      }),
  };
}
