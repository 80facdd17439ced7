import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../core/ports.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher, EncryptionPurpose } from './file-cipher.ts';
import { SecretsFile } from './secrets-file.ts';
import { dataFolderText } from '../shared/text/shell.ts';

/** Stores the sign-in token of a profile encrypted. If it cannot be decrypted, the user has to enter the password again. */
export class EncryptedSecrets implements Secrets {
  readonly #file: string;
  readonly #plain: SecretsFile;

  /** @param folder of the profile */
  constructor(
    folder: string,
    private readonly cipher: FileCipher,
  ) {
    this.#file = fileOf(folder, 'token', cipher);
    this.#plain = new SecretsFile(join(folder, 'token'));
  }

  /** A plain token, left by another client, is newer: both clients are one device, and so share its token. */
  readToken(): string | undefined {
    const plain = this.#plain.readToken();
    if (plain !== undefined) {
      this.writeToken(plain);
      return plain;
    }
    const encrypted = readPrivateFile(this.#file);
    return encrypted === undefined ? undefined : this.cipher.decrypt('token', encrypted.trim());
  }

  /** Removes the encrypted token only. */
  removeEncrypted(): void {
    rmSync(this.#file, { force: true });
  }

  writeToken(token: string | undefined): void {
    if (token === undefined) rmSync(this.#file, { force: true });
    else writePrivateFile(this.#file, `${this.cipher.encrypt('token', token)}\n`);
    this.#plain.writeToken(undefined);
  }
}

/** Removes the sign-in token of a profile, plain or encrypted. Throws if the disk fails. */
export function removeToken(folder: string): void {
  for (const ending of ['sealed', 'vault'] as const) rmSync(fileOf(folder, 'token', { ending }), { force: true });
  new SecretsFile(join(folder, 'token')).writeToken(undefined);
}

/**
 * Reads the key of a profile's history (G8). The first call creates it, and stores it encrypted before it is used.
 * @param known the current key of the history, if there is one
 * @throws ProfileError if the key cannot be decrypted: a new key could never open the history
 */
export function encryptedHistoryKey(folder: string, cipher: FileCipher, known?: string): string {
  const file = historyKeyFile(folder, cipher);
  const encrypted = readPrivateFile(file);
  if (encrypted === undefined) {
    const key = known ?? randomBytes(32).toString('base64url');
    writePrivateFile(file, `${cipher.encrypt('history-key', key)}\n`);
    return key;
  }
  const key = cipher.decrypt('history-key', encrypted.trim());
  if (key === undefined) throw new ProfileError(dataFolderText.historyKeyUnreadable[cipher.ending]);
  return key;
}

/**
 * Reads the key of a profile's history from a vault. Takes over a key that the system's secret store has encrypted before.
 * @param ofSystem reads the key from that store; undefined result: it has none, or cannot decrypt it now
 * @throws ProfileError if there is a key and it cannot be decrypted
 */
export function vaultHistoryKey(
  folder: string,
  cipher: FileCipher,
  ofSystem: ((folder: string) => string | undefined) | undefined,
): string {
  if (hasHistoryKey(folder, cipher.ending)) return encryptedHistoryKey(folder, cipher);
  const known = ofSystem?.(folder);
  if (known === undefined && hasHistoryKey(folder, 'sealed'))
    throw new ProfileError(dataFolderText.historyKeyUnreadable.sealed);
  return encryptedHistoryKey(folder, cipher, known);
}

function hasHistoryKey(folder: string, ending: FileCipher['ending']): boolean {
  return existsSync(historyKeyFile(folder, { ending }));
}

/** Path of the encrypted key of a history. */
export function historyKeyFile(folder: string, cipher: Pick<FileCipher, 'ending'>): string {
  return fileOf(folder, 'history-key', cipher);
}

function fileOf(folder: string, purpose: EncryptionPurpose, { ending }: Pick<FileCipher, 'ending'>): string {
  return join(folder, `${purpose}.${ending}`);
}
