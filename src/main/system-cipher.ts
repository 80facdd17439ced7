import type { SafeStorage } from 'electron';
import { ProfileError } from '../node/profile-error.ts';
import type { FileCipher, EncryptionPurpose } from '../node/file-cipher.ts';
import { desktopText } from '../shared/text/shell.ts';

/** Whether the operating system has a secret store. On Linux `basic_text` is none: its key is public. */
export function hasSecretStore(
  store: Pick<SafeStorage, 'isEncryptionAvailable' | 'getSelectedStorageBackend'>,
  platform: NodeJS.Platform,
): boolean {
  if (!store.isEncryptionAvailable()) return false;
  return platform !== 'linux' || store.getSelectedStorageBackend() !== 'basic_text';
}

/** Encrypts with the operating system's secret store, which the user of this computer can unlock (G1, G8). */
export class SystemCipher implements FileCipher {
  readonly ending = 'sealed';

  constructor(private readonly store: Pick<SafeStorage, 'encryptString' | 'decryptString'>) {}

  /** @throws ProfileError if the store reports to be available and then fails */
  encrypt(_purpose: EncryptionPurpose, text: string): string {
    try {
      return this.store.encryptString(text).toString('base64');
    } catch {
      throw new ProfileError(desktopText.secretStoreFails);
    }
  }

  decrypt(_purpose: EncryptionPurpose, encrypted: string): string | undefined {
    try {
      return this.store.decryptString(Buffer.from(encrypted, 'base64'));
    } catch {
      return undefined;
    }
  }
}
