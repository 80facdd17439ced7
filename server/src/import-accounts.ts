import type { Services } from './commands/services.ts';
import type { CredentialsEntry } from './credentials-file.ts';
import { canonicalPassword, canonicalUsername } from './domain/usernames.ts';

/** Result of an import: number of new accounts, and skipped lines with the reason. */
export interface ImportReport {
  readonly imported: number;
  readonly skipped: readonly { readonly line: number; readonly why: string }[];
}

/**
 * Creates accounts with hashed passwords from the original's users (A4). Their passwords may be shorter than new ones
 * (B1).
 */
export async function importAccounts(services: Services, entries: readonly CredentialsEntry[]): Promise<ImportReport> {
  const skipped: { line: number; why: string }[] = [];
  let imported = 0;
  for (const { line, username, password } of entries) {
    const name = canonicalUsername(username);
    if (!name) {
      skipped.push({ line, why: 'the username is not valid on this server' });
      continue;
    }
    if (services.directory.isTaken(name)) {
      skipped.push({ line, why: 'an account with this username, or with one that looks like it, exists already' });
      continue;
    }
    const passwordHash = await services.passwords.hash(canonicalPassword(password));
    if (passwordHash === undefined) throw new Error('the password hasher is busy before the server has started');
    const account = await services.store.createAccount({ username, ...name, passwordHash, createdAt: services.now() });
    if (!account) continue;
    services.directory.add(account);
    imported++;
  }
  return { imported, skipped };
}
