import { rmSync } from 'node:fs';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher, EncryptionPurpose } from './file-cipher.ts';

/** A small text that is kept on this computer, readable for its owner or sealed. Writing throws when the disk fails. */
export interface StoredText {
  /** Where it is, for people. */
  readonly file: string;
  /** @returns undefined where there is none; @throws ProfileError where it is sealed with something else */
  read(): string | undefined;
  write(text: string): void;
}

/** @param file where it is readable */
export function plainFile(file: string): StoredText {
  return { file, read: () => readPrivateFile(file), write: (text) => writePrivateFile(file, text) };
}

/** How a text becomes sealed and readable again. */
export interface EncryptedFile extends StoredText {
  /** Seals what was readable before, and takes the readable file away. A crash in between leaves both; both say the same then. */
  encrypt(): void;
  /** Makes it readable again. */
  decrypt(): void;
}

/**
 * A text beside which, or instead of which, there may be one that was not sealed yet.
 * @param merged what counts where both are there: the sealed one, unless told otherwise
 */
export function encryptedFile(
  file: string,
  purpose: EncryptionPurpose,
  seal: FileCipher,
  merged: (sealed: string, plain: string) => string = (sealed) => sealed,
): EncryptedFile {
  const { file: sealedFile, read: readSealed, write: writeSealed } = encryptedOnly(file, purpose, seal);
  const read = (): string | undefined => {
    const [sealed, plain] = [readSealed(), readPrivateFile(file)];
    return sealed !== undefined && plain !== undefined ? merged(sealed, plain) : (sealed ?? plain);
  };
  const removePlain = (): void => rmSync(file, { force: true });
  return {
    file: sealedFile,
    read,
    write: (text) => {
      writeSealed(text);
      removePlain();
    },
    encrypt: () => {
      const [sealed, text] = [readSealed(), read()];
      if (text !== undefined && text !== sealed) writeSealed(text);
      removePlain();
    },
    decrypt: () => {
      const text = read();
      if (text === undefined) return;
      writePrivateFile(file, text);
      rmSync(sealedFile, { force: true });
    },
  };
}

/** A sealed text beside a readable file that says something else, and goes by its name. */
export function encryptedOnly(file: string, purpose: EncryptionPurpose, seal: FileCipher): StoredText {
  const sealedFile = encryptedNameOf(file, seal);
  return {
    file: sealedFile,
    read: () => {
      const sealed = readPrivateFile(sealedFile);
      if (sealed === undefined) return undefined;
      const text = seal.decrypt(purpose, sealed.trim());
      if (text !== undefined) return text;
      throw new ProfileError(
        `This file does not belong to the passphrase: ${sealedFile}. Restore the data folder as a whole, or use another folder.`,
      );
    },
    write: (text) => writePrivateFile(sealedFile, `${seal.encrypt(purpose, text)}\n`),
  };
}

/** @param seal undefined: it stays readable */
export function storedText(file: string, purpose: EncryptionPurpose, seal: FileCipher | undefined): StoredText {
  return seal === undefined ? plainFile(file) : encryptedFile(file, purpose, seal);
}

/** Under which name something lies sealed. */
export function encryptedNameOf(file: string, { ending }: Pick<FileCipher, 'ending'>): string {
  return `${file.replace(/\.json$/, '')}.${ending}`;
}
