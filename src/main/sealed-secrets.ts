import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import type { Secrets } from '../core/ports.ts';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';
import { ProfileError } from '../node/profile-error.ts';
import { SecretsFile } from '../node/secrets-file.ts';

/** Whether the operating system keeps a key for us; on Linux `basic_text` is a key that everybody knows. */
export function systemKeepsSecrets(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** The sign-in token of a profile, sealed with a key of the operating system's secret store (G1). */
export class SealedSecrets implements Secrets {
  readonly #file: string;
  readonly #plain: SecretsFile;

  /** @param folder of the profile */
  constructor(folder: string) {
    this.#file = join(folder, 'token.sealed');
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
    return sealed === undefined ? undefined : safeStorage.decryptString(Buffer.from(sealed.trim(), 'base64'));
  }

  writeToken(token: string | undefined): void {
    if (token === undefined) rmSync(this.#file, { force: true });
    else writePrivateFile(this.#file, `${safeStorage.encryptString(token).toString('base64')}\n`);
    this.#plain.writeToken(undefined);
  }
}

/**
 * The key that a profile's history is encrypted with (G8), made at the first call and sealed on the disk before it is used.
 * @throws ProfileError where the secret store does not open it: another key would only lock the history for good
 */
export function sealedHistoryKey(folder: string): string {
  const file = join(folder, 'history-key.sealed');
  const sealed = readPrivateFile(file);
  if (sealed === undefined) {
    const key = randomBytes(32).toString('base64url');
    writePrivateFile(file, `${safeStorage.encryptString(key).toString('base64')}\n`);
    return key;
  }
  try {
    return safeStorage.decryptString(Buffer.from(sealed.trim(), 'base64'));
  } catch {
    throw new ProfileError(
      'The key of the history cannot be read from the secret store of this system. Unlock that, then start Aside again.',
    );
  }
}
