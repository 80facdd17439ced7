import { createHash } from 'node:crypto';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { foldUsername } from '../core/chat/conversation.ts';
import type { Ports, ServerAddress } from '../core/ports.ts';
import type { ObservedAddress } from '../core/private/candidates.ts';
import type { Device } from '../shared/protocol/ids.ts';
import { systemClock } from './clock.ts';
import { openDeviceIdentity } from './device-identity.ts';
import { nodeDialer } from './dialer.ts';
import { SqliteHistory } from './history/sqlite-history.ts';
import { peerPorts } from './peer/peer-ports.ts';
import { PinsFile } from './pins-file.ts';
import { makePrivateFolder } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import { systemRandom } from './random.ts';
import { SecretsFile } from './secrets-file.ts';

/** What one account on one server keeps on this computer. */
export interface Profile {
  readonly folder: string;
  readonly device: Device;
  readonly ports: Ports;
  /** Releases the files; another client may open the profile then. */
  close(): void;
}

/** Where clients keep their data unless told otherwise; the operating system's own place for it. */
export function defaultDataFolder(): string {
  return join(envPaths('aside', { suffix: '' }).data, 'client');
}

export interface ProfileOptions {
  /**
   * The key of the history in a profile's folder: the same one every time, at least 32 random bytes as text, kept
   * where others cannot read it. A history that is not yet encrypted becomes so (G8). Undefined: it stays plain.
   */
  readonly encryptionKey?: (folder: string) => string | undefined;
  /** Where this computer can be reached from outside, for private sessions (F2). */
  readonly publicAddress?: ObservedAddress | undefined;
}

/**
 * Opens the profile of an account, making what is missing.
 * @throws ProfileError with a sentence for people; HistoryKeyError where the history is encrypted with another key
 */
export function openProfile(
  dataFolder: string,
  server: ServerAddress,
  username: string,
  options: ProfileOptions = {},
): Profile {
  const folder = join(
    dataFolder,
    folderName(`${server.host.toLowerCase()}_${server.port}`),
    folderName(foldUsername(username)),
  );
  try {
    makePrivateFolder(folder);
  } catch {
    throw new ProfileError(
      `The data folder cannot be used: ${folder}. Check who owns it, or give another with --data.`,
    );
  }
  const pins = new PinsFile(join(dataFolder, 'known-servers.json'));
  const history = new SqliteHistory(join(folder, 'history.db'), { encryptionKey: options.encryptionKey?.(folder) });
  try {
    const { device, privateKey } = openDeviceIdentity(join(folder, 'identity.json'));
    return {
      folder,
      device,
      ports: {
        clock: systemClock,
        random: systemRandom,
        dialer: nodeDialer,
        pins,
        secrets: new SecretsFile(join(folder, 'token')),
        history,
        peers: peerPorts(folder, privateKey, options.publicAddress),
      },
      close: () => history.close(),
    };
  } catch (error) {
    history.close();
    throw error;
  }
}

/** A name as a folder: readable where it can be, and never more than a folder. */
function folderName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(/^\./, '%2E').replaceAll('*', '%2A');
  return safe.length <= 120
    ? safe
    : `${safe.slice(0, 80)}-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
