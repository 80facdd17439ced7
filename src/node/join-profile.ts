import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCipher } from './file-cipher.ts';
import { HISTORY_FILE } from './history/database-file.ts';
import { SqliteHistory } from './history/sqlite-history.ts';
import { IdentitiesFile } from './peer/identities-file.ts';
import { profileFiles, removeProfileFiles } from './profile-files.ts';
import { removeToken, vaultHistoryKey } from './profile-secrets.ts';

/** One folder of a profile, and the keys that open it. */
export interface ProfilePlace {
  readonly folder: string;
  /** undefined: the small files are plain */
  readonly cipher: FileCipher | undefined;
  /** Reads the key of the history without a vault; see `ProfileOptions`. */
  readonly encryptionKey: ((folder: string) => string | undefined) | undefined;
}

/** @throws as `SqliteHistory` does */
export function openHistory({ folder, cipher, encryptionKey: keyOf }: ProfilePlace): SqliteHistory {
  const encryptionKey = cipher === undefined ? keyOf?.(folder) : vaultHistoryKey(folder, cipher, keyOf);
  return new SqliteHistory(join(folder, HISTORY_FILE), { encryptionKey });
}

/** Time of the last write to the history, in milliseconds since 1970 UTC; undefined if there is none. */
export function lastUse({ folder }: Pick<ProfilePlace, 'folder'>): number | undefined {
  const [database, ...log] = [HISTORY_FILE, `${HISTORY_FILE}-wal`].map((file) =>
    statSync(join(folder, file), { throwIfNoEntry: false }),
  );
  return database === undefined ? undefined : Math.max(database.mtimeMs, ...log.map((file) => file?.mtimeMs ?? 0));
}

/**
 * Moves the messages and the known identities of another profile of the same account into an open one (B8), and removes
 * the other. After a failure both are as before, and the next start tries again: the other profile may be open in another
 * client, or the disk full. A crash in between leaves messages in both, which are then joined once more.
 */
export function joinProfile(history: SqliteHistory, place: ProfilePlace, other: ProfilePlace): void {
  let source: SqliteHistory | undefined;
  try {
    source = openHistory(other);
    history.join(source);
    const [ours, theirs] = [place, other].map(({ folder, cipher }) => profileFiles(folder, cipher).identities);
    if (ours !== undefined && theirs !== undefined) new IdentitiesFile(ours).join(new IdentitiesFile(theirs));
    removeToken(other.folder);
    removeProfileFiles(other.folder);
    source.discard();
  } catch {
    source?.close();
  }
}
