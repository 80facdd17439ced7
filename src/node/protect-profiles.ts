import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RememberedAccount } from '../shared/client-api/host.ts';
import type { FileLock } from './file-lock.ts';
import { HISTORY_FILE, kindOf } from './history/database-file.ts';
import { lockHistory } from './history/database.ts';
import { removeDraft, rewriting } from './history/rewriting.ts';
import { sealedNameOf } from './kept-text.ts';
import { runInSlices } from './run-in-slices.ts';
import { knownServers } from './pins-file.ts';
import { removeDrafts, syncFolder, writePrivateFile } from './private-files.ts';
import { accountOf } from './profile.ts';
import { ProfileError } from './profile-error.ts';
import { sealedProfileTexts } from './profile-texts.ts';
import type { Seal } from './seal.ts';
import { historyKeyFile, SealedSecrets, sealedHistoryKey, vaultHistoryKey } from './sealed-profile.ts';
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
interface Place {
  readonly account: RememberedAccount;
  readonly folder: string;
  readonly history: string;
  readonly seal: Seal;
}

/**
 * Seals what all profiles of a data folder keep, also of accounts that are not in use. What does not succeed now, because
 * another client has it open or a disk is full, is made up for at the next unlocking. A crash leaves nothing half: each part is
 * sealed or still as it was.
 * @returns the accounts of which something is readable still, in most cases because another program has them open
 */
export async function sealProfiles(
  dataFolder: string,
  vault: Vault,
  keyOf: KeyOf,
  how: ProgressControl,
): Promise<readonly RememberedAccount[]> {
  const left: RememberedAccount[] = [];
  const places = placesIn(dataFolder, vault);
  try {
    removeDrafts(dataFolder);
    knownServers(dataFolder, vault.sealOf('')).takeOver();
  } catch {
    // The next unlocking tries again; whoever reads it says what is wrong.
  }
  for (const [n, place] of places.entries()) {
    if (how.stop?.aborted === true) return left;
    try {
      await locked(place, () => sealOne(place, keyOf, partOf(how, n, places.length)));
    } catch {
      // The next opening of this profile tries again, and says what is wrong.
      if (isReadable(place)) left.push(place.account);
    }
  }
  return left;
}

/** Whether anything of it is not sealed. One that another program has open with the passphrase is. */
function isReadable({ folder, history }: Place): boolean {
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
export async function releaseProfiles(
  dataFolder: string,
  vault: Vault,
  ofSystem: Seal | undefined,
  last: () => void,
  how: ProgressControl,
): Promise<void> {
  const places = placesIn(dataFolder, vault);
  const locks: FileLock[] = [];
  try {
    // All of them before the first is touched: what somebody else seals meanwhile would be lost with the vault.
    for (const { history } of places) locks.push(lockHistory(`${history}.lock`));
    for (const [n, place] of places.entries()) await releaseOne(place, ofSystem, partOf(how, n, places.length));
    knownServers(dataFolder, vault.sealOf('')).release();
    last();
    const content = takeVaultFile(dataFolder);
    if (sealedIn(dataFolder)) {
      restoreVault(dataFolder, content);
      throw new ProfileError('Another program has just used what is kept here. End it, then try again.');
    }
  } finally {
    for (const lock of locks) lock.close();
  }
}

async function sealOne({ folder, history, seal }: Place, keyOf: KeyOf, how: ProgressControl): Promise<void> {
  removeDrafts(folder);
  for (const text of sealedProfileTexts(folder, seal)) text.takeOver();
  // Reading seals a plain one.
  new SealedSecrets(folder, seal).readToken();
  removeDraft(history);
  if (!existsSync(history)) return;
  const key = vaultHistoryKey(folder, seal, keyOf);
  if (kindOf(history) === 'plain')
    await runInSlices(rewriting(history, { from: undefined, to: key }), how.onProgress, how.stop);
}

async function releaseOne(
  { folder, history, seal }: Place,
  ofSystem: Seal | undefined,
  how: ProgressControl,
): Promise<void> {
  if (existsSync(historyKeyFile(folder, seal))) {
    const key = sealedHistoryKey(folder, seal);
    // The history keeps its key; another one that the system's store has kept before opens nothing.
    if (ofSystem !== undefined)
      writePrivateFile(historyKeyFile(folder, ofSystem), `${ofSystem.seal('history-key', key)}\n`);
    else if (existsSync(history) && kindOf(history) === 'other') {
      await runInSlices(rewriting(history, { from: key, to: undefined }), how.onProgress, how.stop);
    }
    syncFolder(folder);
    rmSync(historyKeyFile(folder, seal), { force: true });
  }
  const sealed = new SealedSecrets(folder, seal);
  const token = sealed.readToken();
  if (token !== undefined) {
    if (ofSystem === undefined) new SecretsFile(join(folder, 'token')).writeToken(token);
    else new SealedSecrets(folder, ofSystem).writeToken(token);
    syncFolder(folder);
  }
  sealed.removeSealed();
  for (const text of sealedProfileTexts(folder, seal)) text.release();
}

async function locked(place: Place, work: () => Promise<void>): Promise<void> {
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

function placesIn(dataFolder: string, vault: Vault): Place[] {
  return profilesIn(dataFolder).map((names) => {
    const folder = join(dataFolder, ...names);
    const seal = vault.sealOf(names.join('/'));
    return { account: accountOf(names), folder, history: join(folder, HISTORY_FILE), seal };
  });
}

/** The folders of all profiles, as names below the data folder. */
function profilesIn(dataFolder: string): [string, string][] {
  return foldersIn(dataFolder).flatMap((server) =>
    foldersIn(join(dataFolder, server))
      .filter((user) => {
        const identity = join(dataFolder, server, user, 'identity.json');
        return existsSync(identity) || existsSync(sealedNameOf(identity, { ending: 'vault' }));
      })
      .map((user): [string, string] => [server, user]),
  );
}

/** Whether anything is left that only the vault opens. */
function sealedIn(dataFolder: string): boolean {
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
