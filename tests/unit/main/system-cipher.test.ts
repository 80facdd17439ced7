import { describe, expect, it } from 'vitest';
import { storageFailure } from '../../../src/host/describe-error.ts';
import { SystemCipher, hasSecretStore } from '../../../src/main/system-cipher.ts';

const reversed = (text: string): string => [...text].toReversed().join('');
const STORE = {
  encryptString: (text: string) => Buffer.from(reversed(text)),
  decryptString: (sealed: Buffer) => reversed(sealed.toString()),
};

/** Fails like Electron: with an error that has no code. */
const refuse = (): never => {
  throw new Error('Error while encrypting the text provided to safeStorage.encryptString.');
};

describe('Secret store of the system (G1, G8)', () => {
  it('decrypts text that it has encrypted', () => {
    const seal = new SystemCipher(STORE);
    expect(seal.decrypt('token', seal.encrypt('token', 'secret'))).toBe('secret');
    expect(new SystemCipher({ ...STORE, decryptString: refuse }).decrypt('token', 'x')).toBeUndefined();
  });

  it('reports a failure as a sentence for users, and does not end the app', () => {
    const seal = new SystemCipher({ ...STORE, encryptString: refuse });
    let problem: string | undefined;
    try {
      seal.encrypt('history-key', 'secret');
    } catch (error) {
      problem = storageFailure(error).message;
    }
    expect(problem).toMatch(/^The secret store of this system takes nothing from Aside\./);
  });

  it.each([
    [true, 'linux', 'gnome_libsecret', true],
    [true, 'linux', 'basic_text', false],
    [false, 'linux', 'gnome_libsecret', false],
    [true, 'win32', 'unknown', true],
  ] as const)('is used only if its key is secret: %s, %s, %s', (available, platform, backend, keeps) => {
    const store = { isEncryptionAvailable: () => available, getSelectedStorageBackend: () => backend };
    expect(hasSecretStore(store, platform)).toBe(keeps);
  });
});
