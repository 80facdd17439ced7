import { safeStorage } from 'electron';
import type { Seal } from '../node/seal.ts';

/** Whether the operating system keeps a key for us; on Linux `basic_text` is a key that everybody knows. */
export function systemKeepsSecrets(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** The operating system's secret store: what the user signed in to this computer can open (G1, G8). */
export const SYSTEM_SEAL: Seal = {
  ending: 'sealed',
  seal: (_purpose, text) => safeStorage.encryptString(text).toString('base64'),
  open: (_purpose, sealed) => {
    try {
      return safeStorage.decryptString(Buffer.from(sealed, 'base64'));
    } catch {
      return undefined;
    }
  },
};
