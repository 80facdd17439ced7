import type { SafeStorage } from 'electron';
import { ProfileError } from '../node/profile-error.ts';
import type { FileCipher, EncryptionPurpose } from '../node/file-cipher.ts';

/** Whether the operating system keeps a key for us; on Linux `basic_text` is a key that everybody knows. */
export function hasSecretStore(
  store: Pick<SafeStorage, 'isEncryptionAvailable' | 'getSelectedStorageBackend'>,
  platform: NodeJS.Platform,
): boolean {
  if (!store.isEncryptionAvailable()) return false;
  return platform !== 'linux' || store.getSelectedStorageBackend() !== 'basic_text';
}

/** The operating system's secret store: what the user signed in to this computer can open (G1, G8). */
export class SystemCipher implements FileCipher {
  readonly ending = 'sealed';

  constructor(private readonly store: Pick<SafeStorage, 'encryptString' | 'decryptString'>) {}

  /** @throws ProfileError where the store says that it is there and then takes nothing */
  encrypt(_purpose: EncryptionPurpose, text: string): string {
    try {
      return this.store.encryptString(text).toString('base64');
    } catch {
      throw new ProfileError(
        'The secret store of this system takes nothing from Aside. Unlock it, then start Aside again.',
      );
    }
  }

  decrypt(_purpose: EncryptionPurpose, sealed: string): string | undefined {
    try {
      return this.store.decryptString(Buffer.from(sealed, 'base64'));
    } catch {
      return undefined;
    }
  }
}
