import { SIGN_IN_LIMITS } from '../../src/shared/limits.ts';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from './commands/services.ts';
import { Semaphore } from './domain/semaphore.ts';

/** The library's own number; its enumeration exists in its typings alone. */
const ARGON2ID = 2;

/** argon2id as OWASP advises for a server that has other things to do: 19 MiB, two passes, one lane (B1). */
const COST = { memoryCost: 19_456, timeCost: 2 };
export type PasswordCost = typeof COST;

/** Hashes passwords off the main thread, two at a time. @param cost less than the standard one in tests only */
export async function createPasswordHasher(cost: PasswordCost = COST): Promise<PasswordHasher> {
  const options = { algorithm: ARGON2ID, parallelism: 1, ...cost };
  const semaphore = new Semaphore(SIGN_IN_LIMITS.hashesAtOnce, SIGN_IN_LIMITS.hashesWaiting);
  // Judged in place of an account that does not exist, so that its time does not tell.
  const nobody = await hash('nobody', options);
  return {
    hash: (password) => semaphore.run(() => hash(password, options)),
    verify: (encoded, password) =>
      semaphore.run(async () => {
        const right = await verify(encoded ?? nobody, password, options);
        return right && encoded !== undefined;
      }),
  };
}
