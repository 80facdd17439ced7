import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../core/ports.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher, EncryptionPurpose } from './file-cipher.ts';
import { SecretsFile } from './secrets-file.ts';

/** The sign-in token of a profile, sealed. One that does not open is none: the password is asked for again. */
export class EncryptedSecrets implements Secrets {
  readonly #file: string;
  readonly #plain: SecretsFile;

  /** @param folder of the profile */
  constructor(
    folder: string,
    private readonly seal: FileCipher,
  ) {
    this.#file = fileOf(folder, 'token', seal);
    this.#plain = new SecretsFile(join(folder, 'token'));
  }

  /** One that another client left unsealed is the newer: the two share a device, and so its token. */
  readToken(): string | undefined {
    const unsealed = this.#plain.readToken();
    if (unsealed !== undefined) {
      this.writeToken(unsealed);
      return unsealed;
    }
    const sealed = readPrivateFile(this.#file);
    return sealed === undefined ? undefined : this.seal.decrypt('token', sealed.trim());
  }

  /** Takes away only what it has sealed. */
  removeEncrypted(): void {
    rmSync(this.#file, { force: true });
  }

  writeToken(token: string | undefined): void {
    if (token === undefined) rmSync(this.#file, { force: true });
    else writePrivateFile(this.#file, `${this.seal.encrypt('token', token)}\n`);
    this.#plain.writeToken(undefined);
  }
}

/** Takes the sign-in token out of a profile, whoever has sealed it. Throws when the disk fails. */
export function removeToken(folder: string): void {
  for (const ending of ['sealed', 'vault'] as const) rmSync(fileOf(folder, 'token', { ending }), { force: true });
  new SecretsFile(join(folder, 'token')).writeToken(undefined);
}

/**
 * The key that a profile's history is encrypted with (G8), made at the first call and sealed on the disk before it is used.
 * @param known the key that the history has already, where there is one
 * @throws ProfileError where it does not open: another key would only lock the history for good
 */
export function encryptedHistoryKey(folder: string, seal: FileCipher, known?: string): string {
  const file = historyKeyFile(folder, seal);
  const sealed = readPrivateFile(file);
  if (sealed === undefined) {
    const key = known ?? randomBytes(32).toString('base64url');
    writePrivateFile(file, `${seal.encrypt('history-key', key)}\n`);
    return key;
  }
  const key = seal.decrypt('history-key', sealed.trim());
  if (key === undefined) throw new ProfileError(KEY_UNREADABLE[seal.ending]);
  return key;
}

/**
 * The key of the history of a profile that a vault seals. One that the system's secret store has sealed before is taken over.
 * @param ofSystem the key from that store; undefined where it has none, or does not open it now
 * @throws ProfileError where there is a key and it does not open
 */
export function vaultHistoryKey(
  folder: string,
  seal: FileCipher,
  ofSystem: ((folder: string) => string | undefined) | undefined,
): string {
  if (hasHistoryKey(folder, seal.ending)) return encryptedHistoryKey(folder, seal);
  const known = ofSystem?.(folder);
  if (known === undefined && hasHistoryKey(folder, 'sealed')) throw new ProfileError(KEY_UNREADABLE.sealed);
  return encryptedHistoryKey(folder, seal, known);
}

function hasHistoryKey(folder: string, ending: FileCipher['ending']): boolean {
  return existsSync(historyKeyFile(folder, { ending }));
}

const KEY_UNREADABLE: Readonly<Record<FileCipher['ending'], string>> = {
  sealed:
    'The key of the history cannot be read from the secret store of this system. Unlock that, then start Aside again.',
  vault:
    'The key of the history does not belong to this passphrase. Restore the data folder as a whole, or use another folder.',
};

/** Where the key of a history lies sealed. */
export function historyKeyFile(folder: string, seal: Pick<FileCipher, 'ending'>): string {
  return fileOf(folder, 'history-key', seal);
}

function fileOf(folder: string, purpose: EncryptionPurpose, { ending }: Pick<FileCipher, 'ending'>): string {
  return join(folder, `${purpose}.${ending}`);
}
