import type { Refusal, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';
import { canonicalPassword, canonicalUsername } from '../domain/usernames.ts';
import type { Account } from '../store/store.ts';
import { HASHER_BUSY, refused } from './outcome.ts';
import type { Services } from './services.ts';

/** The account whose password was right, or the refusal. */
export type PasswordVerdict =
  | { readonly account: Account }
  | {
      readonly refusal: Refusal;
      readonly end?: { readonly reason: SessionEndReason; readonly retryAfterMs: number };
    };

/**
 * Verifies a password (B2), one attempt of a username at a time, so that of any number of parallel attempts only three
 * are verified. The lockout is decided before the hash is computed. An unknown username has the same cost and answer.
 * @param typed the username as the user typed it
 */
export function checkPassword(services: Services, typed: string, password: string): Promise<PasswordVerdict> {
  // An invalid username counts too, under a key that no account can have.
  const key = canonicalUsername(typed)?.key ?? ` ${typed.slice(0, 64)}`;
  return services.mutexes.passwords.run(key, () => judge(services, key, password));
}

async function judge(services: Services, key: string, password: string): Promise<PasswordVerdict> {
  const lockedForMs = services.lockout.lockedForMs(key, services.now());
  if (lockedForMs > 0) return refused('locked', { retryAfterMs: lockedForMs });
  const account = services.directory.byKey(key);
  const encoded = account && (await services.store.passwordHash(account.id));
  const right = await services.passwords.verify(encoded, canonicalPassword(password));
  if (right === undefined) return HASHER_BUSY;
  if (!right || !account) return failed(services, key, account !== undefined);
  if (services.lockout.succeeded(key)) {
    await services.store.saveLockout({ key, failures: 0, lockedUntil: 0 });
  }
  return { account };
}

async function failed(services: Services, key: string, isKnown: boolean): Promise<PasswordVerdict> {
  const { record, attemptsLeft, lockedForMs } = services.lockout.failed(key, isKnown, services.now());
  services.log('password-failed', { attemptsLeft });
  await services.store.saveLockout(record);
  if (attemptsLeft > 0) return refused('wrong-credentials', { attemptsLeft });
  return {
    ...refused('wrong-credentials', { attemptsLeft, retryAfterMs: lockedForMs }),
    end: { reason: 'locked', retryAfterMs: lockedForMs },
  };
}
