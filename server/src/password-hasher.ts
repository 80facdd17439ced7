import { SIGN_IN_LIMITS } from '../../src/shared/limits.ts';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from './commands/services.ts';
import { Semaphore } from './domain/semaphore.ts';

/** The library's own number; its enumeration exists in its typings alone. */
const ARGON2ID = 2;

/** argon2id as OWASP advises for a server that has other things to do: 19 MiB, two passes, one lane (B1). */
const OPTIONS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes passwords off the main thread, two at a time. */
export async function createPasswordHasher(): Promise<PasswordHasher> {
  const semaphore = new Semaphore(SIGN_IN_LIMITS.hashesAtOnce, SIGN_IN_LIMITS.hashesWaiting);
  // Judged in place of an account that does not exist, so that its time does not tell.
  const nobody = await hash('nobody', OPTIONS);
  return {
    hash: (password) => semaphore.run(() => hash(password, OPTIONS)),
    verify: (encoded, password) =>
      semaphore.run(async () => {
        const right = await verify(encoded ?? nobody, password, OPTIONS);
        return right && encoded !== undefined;
      }),
  };
}
