import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RememberedAccount } from '../shared/client-api/host.ts';
import type { FileLock } from './file-lock.ts';
import { HISTORY_FILE, kindOf } from './history/database-file.ts';
import { lockHistory } from './history/database.ts';
import { removeUnfinishedRewrite, rewriteHistory } from './history/rewrite-history.ts';
import { encryptedNameOf } from './encrypted-file.ts';
import { runInSlices } from './run-in-slices.ts';
import { knownServers } from './pins-file.ts';
import { removeUnfinishedWrites, syncFolder, writePrivateFile } from './private-files.ts';
import { accountOf } from './profile.ts';
import { ProfileError } from './profile-error.ts';
import { encryptedProfileFiles } from './profile-files.ts';
import type { FileCipher } from './file-cipher.ts';
import { historyKeyFile, EncryptedSecrets, encryptedHistoryKey, vaultHistoryKey } from './profile-secrets.ts';
import { SecretsFile } from './secrets-file.ts';
import { restoreVault, takeVaultFile, type Vault } from './vault/vault.ts';

export interface ProgressControl {
  /** Is told which part is done, 0 to 1, now and then. */
  readonly onProgress: (part: number) => void;
  /** Aborted: it ends soon, and leaves each part as it was or done. */
  readonly stop?: AbortSignal;
}

/** The key of a profile's history from the secret store of the system. */
type KeyOf = ((folder: string) => string | undefined) | undefined;

/** A profile, as it lies in the data folder. */
interface ProfilePlace {
  readonly account: RememberedAccount;
  readonly folder: string;
  readonly history: string;
  readonly seal: FileCipher;
}

/**
 * Seals what all profiles of a data folder keep, also of accounts that are not in use. What does not succeed now, because
 * another client has it open or a disk is full, is made up for at the next unlocking. A crash leaves nothing half: each part is
 * sealed or still as it was.
 * @returns the accounts of which something is readable still, in most cases because another program has them open
 */
export async function encryptProfiles(
  dataFolder: string,
  vault: Vault,
  keyOf: KeyOf,
  how: ProgressControl,
): Promise<readonly RememberedAccount[]> {
  const left: RememberedAccount[] = [];
  const places = profilesIn(dataFolder, vault);
  try {
    removeUnfinishedWrites(dataFolder);
    knownServers(dataFolder, vault.cipherOf('')).encrypt();
  } catch {
    // The next unlocking tries again; whoever reads it says what is wrong.
  }
  for (const [n, place] of places.entries()) {
    if (how.stop?.aborted === true) return left;
    try {
      await locked(place, () => encryptOne(place, keyOf, partOf(how, n, places.length)));
    } catch {
      // The next opening of this profile tries again, and says what is wrong.
      if (isReadable(place)) left.push(place.account);
    }
  }
  return left;
}

/** Whether anything of it is not sealed. One that another program has open with the passphrase is. */
function isReadable({ folder, history }: ProfilePlace): boolean {
  return (
    readdirSync(folder).some((name) => name === 'token' || name.endsWith('.json')) ||
    (existsSync(history) && kindOf(history) === 'plain')
  );
}

/**
 * Makes everything of a data folder readable again, or puts it behind the secret store of the system, and takes the vault away as
 * the last step. Before that a crash leaves a vault with which `sealProfiles` seals all of it anew.
 * @param ofSystem the secret store, where there is one
 * @param last does the same with what else the vault seals; nothing happens in between, nor before the vault is gone
 * @throws ProfileError where another program has an account open; the system's error when the disk fails. Some of it may be readable then
 */
export async function decryptProfiles(
  dataFolder: string,
  vault: Vault,
  ofSystem: FileCipher | undefined,
  last: () => void,
  how: ProgressControl,
): Promise<void> {
  const places = profilesIn(dataFolder, vault);
  const locks: FileLock[] = [];
  try {
    // All of them before the first is touched: what somebody else seals meanwhile would be lost with the vault.
    for (const { history } of places) locks.push(lockHistory(`${history}.lock`));
    for (const [n, place] of places.entries()) await decryptOne(place, ofSystem, partOf(how, n, places.length));
    knownServers(dataFolder, vault.cipherOf('')).decrypt();
    last();
    const content = takeVaultFile(dataFolder);
    if (hasEncryptedFiles(dataFolder)) {
      restoreVault(dataFolder, content);
      throw new ProfileError('Another program has just used what is kept here. End it, then try again.');
    }
  } finally {
    for (const lock of locks) lock.close();
  }
}

async function encryptOne({ folder, history, seal }: ProfilePlace, keyOf: KeyOf, how: ProgressControl): Promise<void> {
  removeUnfinishedWrites(folder);
  for (const text of encryptedProfileFiles(folder, seal)) text.encrypt();
  // Reading seals a plain one.
  new EncryptedSecrets(folder, seal).readToken();
  removeUnfinishedRewrite(history);
  if (!existsSync(history)) return;
  const key = vaultHistoryKey(folder, seal, keyOf);
  if (kindOf(history) === 'plain')
    await runInSlices(rewriteHistory(history, { from: undefined, to: key }), how.onProgress, how.stop);
}

async function decryptOne(
  { folder, history, seal }: ProfilePlace,
  ofSystem: FileCipher | undefined,
  how: ProgressControl,
): Promise<void> {
  if (existsSync(historyKeyFile(folder, seal))) {
    const key = encryptedHistoryKey(folder, seal);
    // The history keeps its key; another one that the system's store has kept before opens nothing.
    if (ofSystem !== undefined)
      writePrivateFile(historyKeyFile(folder, ofSystem), `${ofSystem.encrypt('history-key', key)}\n`);
    else if (existsSync(history) && kindOf(history) === 'other') {
      await runInSlices(rewriteHistory(history, { from: key, to: undefined }), how.onProgress, how.stop);
    }
    syncFolder(folder);
    rmSync(historyKeyFile(folder, seal), { force: true });
  }
  const sealed = new EncryptedSecrets(folder, seal);
  const token = sealed.readToken();
  if (token !== undefined) {
    if (ofSystem === undefined) new SecretsFile(join(folder, 'token')).writeToken(token);
    else new EncryptedSecrets(folder, ofSystem).writeToken(token);
    syncFolder(folder);
  }
  sealed.removeEncrypted();
  for (const text of encryptedProfileFiles(folder, seal)) text.decrypt();
}

async function locked(place: ProfilePlace, work: () => Promise<void>): Promise<void> {
  const lock = lockHistory(`${place.history}.lock`);
  try {
    await work();
  } finally {
    lock.close();
  }
}

/** Each profile counts alike; most people have one. */
function partOf({ onProgress, ...how }: ProgressControl, n: number, all: number): ProgressControl {
  return { ...how, onProgress: (part) => onProgress((n + part) / all) };
}

function profilesIn(dataFolder: string, vault: Vault): ProfilePlace[] {
  return profileFolders(dataFolder).map((names) => {
    const folder = join(dataFolder, ...names);
    const seal = vault.cipherOf(names.join('/'));
    return { account: accountOf(names), folder, history: join(folder, HISTORY_FILE), seal };
  });
}

/** The folders of all profiles, as names below the data folder. */
function profileFolders(dataFolder: string): [string, string][] {
  return foldersIn(dataFolder).flatMap((server) =>
    foldersIn(join(dataFolder, server))
      .filter((user) => {
        const identity = join(dataFolder, server, user, 'identity.json');
        return existsSync(identity) || existsSync(encryptedNameOf(identity, { ending: 'vault' }));
      })
      .map((user): [string, string] => [server, user]),
  );
}

/** Whether anything is left that only the vault opens. */
function hasEncryptedFiles(dataFolder: string): boolean {
  const folders = foldersIn(dataFolder).flatMap((server) =>
    foldersIn(join(dataFolder, server)).map((user) => join(dataFolder, server, user)),
  );
  return [dataFolder, ...folders].some((folder) => readdirSync(folder).some((name) => name.endsWith('.vault')));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    // Not ours, if we may not look into it.
    return [];
  }
}
