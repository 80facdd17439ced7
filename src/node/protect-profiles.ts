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
import { dataFolderText } from '../shared/text/shell.ts';

export interface ProgressControl {
  /** Gets the finished part, 0 to 1. */
  readonly onProgress: (part: number) => void;
  /** If aborted, the operation ends soon; each file is unchanged or done. */
  readonly stop?: AbortSignal;
}

/** Reads the key of a profile's history from the system's secret store. */
type KeyOf = ((folder: string) => string | undefined) | undefined;

/** A profile in the data folder. */
interface ProfilePlace {
  readonly account: RememberedAccount;
  readonly folder: string;
  readonly history: string;
  readonly cipher: FileCipher;
}

/**
 * Encrypts all profiles of a data folder, open or not. A profile that fails, because another client has it open or the disk
 * is full, is encrypted at the next unlock. After a crash each file is encrypted or unchanged.
 * @returns accounts that still have plain files, usually because another program has them open
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
    // The next unlock tries again; opening a profile reports the error.
  }
  for (const [n, place] of places.entries()) {
    if (how.stop?.aborted === true) return left;
    try {
      await locked(place, () => encryptOne(place, keyOf, partOf(how, n, places.length)));
    } catch {
      // Opening this profile tries again, and reports the error.
      if (isReadable(place)) left.push(place.account);
    }
  }
  return left;
}

/** Whether a profile has plain files. */
function isReadable({ folder, history }: ProfilePlace): boolean {
  return (
    readdirSync(folder).some((name) => name === 'token' || name.endsWith('.json')) ||
    (existsSync(history) && kindOf(history) === 'plain')
  );
}

/**
 * Decrypts all profiles of a data folder, or encrypts them with the system's secret store, and removes the vault as the
 * last step. After a crash before that, `encryptProfiles` encrypts all of them again with the vault.
 * @param ofSystem cipher of the secret store, if there is one
 * @param last decrypts the remaining files of the data folder, right before the vault is removed
 * @throws ProfileError if another program has an account open; the system's error if the disk fails. Some files may be
 * plain then
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
    // Lock all profiles first: a file that another program encrypts meanwhile would be lost with the vault.
    for (const { history } of places) locks.push(lockHistory(`${history}.lock`));
    for (const [n, place] of places.entries()) await decryptOne(place, ofSystem, partOf(how, n, places.length));
    knownServers(dataFolder, vault.cipherOf('')).decrypt();
    last();
    const content = takeVaultFile(dataFolder);
    if (hasEncryptedFiles(dataFolder)) {
      restoreVault(dataFolder, content);
      throw new ProfileError(dataFolderText.inUse);
    }
  } finally {
    for (const lock of locks) lock.close();
  }
}

async function encryptOne(
  { folder, history, cipher }: ProfilePlace,
  keyOf: KeyOf,
  how: ProgressControl,
): Promise<void> {
  removeUnfinishedWrites(folder);
  for (const text of encryptedProfileFiles(folder, cipher)) text.encrypt();
  // Reading encrypts a plain token.
  new EncryptedSecrets(folder, cipher).readToken();
  removeUnfinishedRewrite(history);
  if (!existsSync(history)) return;
  const key = vaultHistoryKey(folder, cipher, keyOf);
  if (kindOf(history) === 'plain')
    await runInSlices(rewriteHistory(history, { from: undefined, to: key }), how.onProgress, how.stop);
}

async function decryptOne(
  { folder, history, cipher }: ProfilePlace,
  ofSystem: FileCipher | undefined,
  how: ProgressControl,
): Promise<void> {
  if (existsSync(historyKeyFile(folder, cipher))) {
    const key = encryptedHistoryKey(folder, cipher);
    // The history keeps its key; it replaces an older key in the system's store, which opens no file.
    if (ofSystem !== undefined)
      writePrivateFile(historyKeyFile(folder, ofSystem), `${ofSystem.encrypt('history-key', key)}\n`);
    else if (existsSync(history) && kindOf(history) === 'other') {
      await runInSlices(rewriteHistory(history, { from: key, to: undefined }), how.onProgress, how.stop);
    }
    syncFolder(folder);
    rmSync(historyKeyFile(folder, cipher), { force: true });
  }
  const encrypted = new EncryptedSecrets(folder, cipher);
  const token = encrypted.readToken();
  if (token !== undefined) {
    if (ofSystem === undefined) new SecretsFile(join(folder, 'token')).writeToken(token);
    else new EncryptedSecrets(folder, ofSystem).writeToken(token);
    syncFolder(folder);
  }
  encrypted.removeEncrypted();
  for (const text of encryptedProfileFiles(folder, cipher)) text.decrypt();
}

async function locked(place: ProfilePlace, work: () => Promise<void>): Promise<void> {
  const lock = lockHistory(`${place.history}.lock`);
  try {
    await work();
  } finally {
    lock.close();
  }
}

/** Progress of one profile as a part of all; each profile counts the same. */
function partOf({ onProgress, ...how }: ProgressControl, n: number, all: number): ProgressControl {
  return { ...how, onProgress: (part) => onProgress((n + part) / all) };
}

function profilesIn(dataFolder: string, vault: Vault): ProfilePlace[] {
  return profileFolders(dataFolder).map((names) => {
    const folder = join(dataFolder, ...names);
    const cipher = vault.cipherOf(names.join('/'));
    return { account: accountOf(names), folder, history: join(folder, HISTORY_FILE), cipher };
  });
}

/** Folder names of all profiles, relative to the data folder. */
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

/** Whether files are left that only the vault can decrypt. */
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
    // A folder without read permission has no profile of this user.
    return [];
  }
}
