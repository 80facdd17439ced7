import { createHash } from 'node:crypto';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { foldUsername } from '../shared/client-api/fold-username.ts';
import type { Ports, ServerAddress } from '../core/ports.ts';
import type { ObservedAddress } from '../core/private/signaling/candidates.ts';
import type { RememberedAccount } from '../shared/client-api/host.ts';
import type { Device } from '../shared/protocol/ids.ts';
import { systemClock } from './clock.ts';
import { openStoredDevice } from './device-identity.ts';
import { nodeDialer } from './dialer.ts';
import { SqliteHistory } from './history/sqlite-history.ts';
import { peerPorts } from './peer/peer-ports.ts';
import { HISTORY_FILE } from './history/database-file.ts';
import { knownServers, PinsFile } from './pins-file.ts';
import { makePrivateFolder } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import { profileFiles } from './profile-files.ts';
import { systemRandom } from './random.ts';
import { removeToken, EncryptedSecrets, vaultHistoryKey } from './profile-secrets.ts';
import { SecretsFile } from './secrets-file.ts';
import { hasVault, LockedError, type Vault } from './vault/vault.ts';

/** What one account on one server keeps on this computer. */
export interface Profile {
  readonly folder: string;
  readonly device: Device;
  readonly ports: Ports;
  /** Releases the files; another client may open the profile then. */
  close(): void;
}

/** Where clients keep their data unless told otherwise; the operating system's own place for it. */
export function defaultClientFolder(): string {
  return join(envPaths('aside', { suffix: '' }).data, 'client');
}

export interface ProfileOptions {
  /**
   * The key of the history in a profile's folder: the same one every time, at least 32 random bytes as text, kept
   * where others cannot read it. A history that is not yet encrypted becomes so (G8). Undefined: it stays plain.
   * With a vault it is asked only for a key that the history has had before.
   */
  readonly encryptionKey?: (folder: string) => string | undefined;
  /** The open vault of the data folder: it seals the token and the key of the history. */
  readonly vault?: Vault | undefined;
  /** Where this computer can be reached from outside, for private sessions (F2). */
  readonly publicAddress?: ObservedAddress | undefined;
}

/**
 * Opens the profile of an account, making what is missing.
 * @throws ProfileError with a sentence for people; HistoryKeyError where the history is encrypted with another key;
 * LockedError where the data folder has a vault and it was not given
 */
export function openProfile(
  dataFolder: string,
  server: ServerAddress,
  username: string,
  options: ProfileOptions = {},
): Profile {
  const names = folderNames(server, username);
  const folder = join(dataFolder, ...names);
  const { encryptionKey: keyOf, vault, publicAddress } = options;
  checkVault(dataFolder, vault);
  const seal = vault?.cipherOf(names.join('/'));
  try {
    makePrivateFolder(folder);
  } catch {
    throw new ProfileError(
      `The data folder cannot be used: ${folder}. Check who owns it, or give another with --data.`,
    );
  }
  const pins = new PinsFile(knownServers(dataFolder, vault?.cipherOf('')));
  const encryptionKey = seal === undefined ? keyOf?.(folder) : vaultHistoryKey(folder, seal, keyOf);
  const history = new SqliteHistory(join(folder, HISTORY_FILE), { encryptionKey });
  try {
    const texts = profileFiles(folder, seal);
    const { device, privateKey } = openStoredDevice(texts.identity);
    // Once more: what was sealed just now must not outlive the vault that opens it.
    checkVault(dataFolder, vault);
    return {
      folder,
      device,
      ports: {
        clock: systemClock,
        random: systemRandom,
        dialer: nodeDialer,
        pins,
        secrets: seal === undefined ? new SecretsFile(join(folder, 'token')) : new EncryptedSecrets(folder, seal),
        history,
        peers: peerPorts(texts, privateKey, publicAddress),
      },
      close: () => history.close(),
    };
  } catch (error) {
    history.close();
    throw error;
  }
}

function checkVault(dataFolder: string, vault: Vault | undefined): void {
  if (vault === undefined) {
    if (hasVault(dataFolder)) throw new LockedError();
  } else if (vault.stateIn(dataFolder) !== 'there') {
    throw new ProfileError(
      'The passphrase was taken away or replaced by another program. End this one and start it again.',
    );
  }
}

/**
 * Makes the password necessary again for an account that nobody uses just now; its history stays (G1). Throws when the
 * disk fails.
 */
export function forgetSignIn(dataFolder: string, server: ServerAddress, username: string): void {
  removeToken(join(dataFolder, ...folderNames(server, username)));
}

function folderNames(server: ServerAddress, username: string): readonly [string, string] {
  return [folderName(`${server.host.toLowerCase()}_${server.port}`), folderName(foldUsername(username))];
}

/** Whose profile lies in these folders, as far as they tell: names are folded there, and very long ones cut. */
export function accountOf([server, username]: readonly [string, string]): RememberedAccount {
  const [, host = server, port = ''] = /^(.*)_(\d+)$/.exec(nameOf(server)) ?? [];
  return { server: { host, port: Number(port) }, username: nameOf(username) };
}

function nameOf(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder;
  }
}

/** A name as a folder: readable where it can be, and never more than a folder. */
function folderName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(/^\./, '%2E').replaceAll('*', '%2A');
  return safe.length <= 120
    ? safe
    : `${safe.slice(0, 80)}-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
