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
import { joinProfile, lastUse, openHistory, type ProfilePlace } from './join-profile.ts';
import { peerPorts } from './peer/peer-ports.ts';
import { knownServers, PinsFile } from './pins-file.ts';
import { makePrivateFolder } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import { profileFiles } from './profile-files.ts';
import { systemRandom } from './random.ts';
import { removeToken, EncryptedSecrets } from './profile-secrets.ts';
import { SecretsFile } from './secrets-file.ts';
import { hasVault, LockedError, type Vault } from './vault/vault.ts';
import { dataFolderText } from '../shared/text/shell.ts';

/** Local data of one account on one server. */
export interface Profile {
  readonly folder: string;
  readonly device: Device;
  readonly ports: Ports;
  /** Closes the files; then another client can open the profile. */
  close(): void;
}

/** Default data folder of clients, in the operating system's place for application data. */
export function defaultClientFolder(): string {
  return join(envPaths('aside', { suffix: '' }).data, 'client');
}

export interface ProfileOptions {
  /**
   * Reads the key of the history in a profile's folder: at least 32 random bytes as text, always the same. A plain history
   * is encrypted with it (G8). Undefined: the history stays plain. With a vault it is called only for a key from before.
   */
  readonly encryptionKey?: (folder: string) => string | undefined;
  /** The unlocked vault of the data folder, which encrypts the token and the key of the history. */
  readonly vault?: Vault | undefined;
  /** Public address of this computer, for private sessions (F2). */
  readonly publicAddress?: ObservedAddress | undefined;
}

/**
 * Opens the profile of an account; creates missing files. A server that is known under several addresses has one profile
 * (B8): profiles from before it was known are joined into the most recently used one, unless another client uses them.
 * @throws ProfileError with a sentence for users; HistoryKeyError if another key has encrypted the history; LockedError if
 * the data folder has a vault and `options` has none
 */
export function openProfile(
  dataFolder: string,
  server: ServerAddress & { readonly plaintext?: boolean | undefined },
  username: string,
  options: ProfileOptions = {},
): Profile {
  const { vault, publicAddress } = options;
  checkVault(dataFolder, vault);
  const pins = new PinsFile(knownServers(dataFolder, vault?.cipherOf('')));
  const [place, ...others] = placesOf(dataFolder, pins, server, username, options);
  const { folder, cipher } = place;
  try {
    makePrivateFolder(folder);
  } catch {
    throw new ProfileError(dataFolderText.unusable(folder));
  }
  const history = openHistory(place);
  try {
    for (const other of others) joinProfile(history, place, other);
    const texts = profileFiles(folder, cipher);
    const { device, privateKey } = openStoredDevice(texts.identity);
    // Check again: files encrypted just now must not outlive the vault that decrypts them.
    checkVault(dataFolder, vault);
    return {
      folder,
      device,
      ports: {
        clock: systemClock,
        random: systemRandom,
        dialer: nodeDialer,
        pins,
        secrets: cipher === undefined ? new SecretsFile(join(folder, 'token')) : new EncryptedSecrets(folder, cipher),
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

/** Whether an account has a profile in this data folder. @throws ProfileError if the file of known servers is damaged */
export function hasProfile(
  dataFolder: string,
  server: ServerAddress & { readonly plaintext?: boolean | undefined },
  username: string,
  vault: Vault | undefined,
): boolean {
  const pins = new PinsFile(knownServers(dataFolder, vault?.cipherOf('')));
  const [place] = placesOf(dataFolder, pins, server, username, { vault });
  return lastUse(place) !== undefined;
}

/**
 * Places of an account's profile: the most recently used one first, then other ones from the time when an address of the
 * server was not known to be one (B8).
 */
function placesOf(
  dataFolder: string,
  pins: PinsFile,
  server: ServerAddress & { readonly plaintext?: boolean | undefined },
  username: string,
  { encryptionKey, vault }: ProfileOptions,
): readonly [ProfilePlace, ...ProfilePlace[]] {
  const placeAt = (address: ServerAddress): ProfilePlace => {
    const names = folderNames(address, username);
    return { folder: join(dataFolder, ...names), cipher: vault?.cipherOf(names.join('/')), encryptionKey };
  };
  // Without TLS a server proves nothing: its address is all that is known.
  const others = server.plaintext === true ? [] : pins.addressesOf(server).map(placeAt);
  const [first, ...rest] = [placeAt(server), ...others]
    .flatMap((place) => ({ place, usedAt: lastUse(place) ?? [] }))
    .filter(({ usedAt }) => typeof usedAt === 'number')
    .sort((one, other) => Number(other.usedAt) - Number(one.usedAt))
    .map(({ place }) => place);
  return first === undefined ? [placeAt(server)] : [first, ...rest];
}

function checkVault(dataFolder: string, vault: Vault | undefined): void {
  if (vault === undefined) {
    if (hasVault(dataFolder)) throw new LockedError();
  } else if (vault.stateIn(dataFolder) !== 'there') {
    throw new ProfileError(dataFolderText.vaultChanged);
  }
}

/**
 * Removes the sign-in token of an account that is not open, for every address of its server; its history stays (G1). Throws
 * if the disk fails.
 */
export function forgetSignIn(dataFolder: string, pins: PinsFile, server: ServerAddress, username: string): void {
  for (const address of [server, ...pins.addressesOf(server)]) {
    removeToken(join(dataFolder, ...folderNames(address, username)));
  }
}

function folderNames(server: ServerAddress, username: string): readonly [string, string] {
  return [folderName(`${server.host.toLowerCase()}_${server.port}`), folderName(foldUsername(username))];
}

/** The account of a profile, read from its folder names: these are folded, and long ones are cut. */
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

/** Encodes a name as the name of one folder, readable if possible. */
function folderName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(/^\./, '%2E').replaceAll('*', '%2A');
  return safe.length <= 120
    ? safe
    : `${safe.slice(0, 80)}-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
