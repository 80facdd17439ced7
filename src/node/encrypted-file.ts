import { rmSync } from 'node:fs';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher, EncryptionPurpose } from './file-cipher.ts';
import { dataFolderText } from '../shared/text/shell.ts';

/** A small text in a file, plain or encrypted. Writing throws if the disk fails. */
export interface StoredText {
  /** Path of the file, for messages. */
  readonly file: string;
  /** @returns undefined if there is no file; @throws ProfileError if another key has encrypted it */
  read(): string | undefined;
  write(text: string): void;
}

/** A text that is not encrypted; file permissions protect it. */
export function plainFile(file: string): StoredText {
  return { file, read: () => readPrivateFile(file), write: (text) => writePrivateFile(file, text) };
}

/** A text that is encrypted, or becomes so, or becomes plain again. */
export interface EncryptedFile extends StoredText {
  /** Encrypts the plain file and removes it. A crash in between leaves two files with the same content. */
  encrypt(): void;
  /** Writes the plain file and removes the encrypted one. */
  decrypt(): void;
}

/**
 * An encrypted text whose plain file may still exist.
 * @param file path of the plain file
 * @param merged content if both files exist; by default that of the encrypted one
 */
export function encryptedFile(
  file: string,
  purpose: EncryptionPurpose,
  cipher: FileCipher,
  merged: (encrypted: string, plain: string) => string = (encrypted) => encrypted,
): EncryptedFile {
  const { file: encryptedPath, read: readEncrypted, write: writeEncrypted } = encryptedOnly(file, purpose, cipher);
  const read = (): string | undefined => {
    const [encrypted, plain] = [readEncrypted(), readPrivateFile(file)];
    return encrypted !== undefined && plain !== undefined ? merged(encrypted, plain) : (encrypted ?? plain);
  };
  const removePlain = (): void => rmSync(file, { force: true });
  return {
    file: encryptedPath,
    read,
    write: (text) => {
      writeEncrypted(text);
      removePlain();
    },
    encrypt: () => {
      const [encrypted, text] = [readEncrypted(), read()];
      if (text !== undefined && text !== encrypted) writeEncrypted(text);
      removePlain();
    },
    decrypt: () => {
      const text = read();
      if (text === undefined) return;
      writePrivateFile(file, text);
      rmSync(encryptedPath, { force: true });
    },
  };
}

/** An encrypted text next to a plain file with other content. @param file path of the plain file */
export function encryptedOnly(file: string, purpose: EncryptionPurpose, cipher: FileCipher): StoredText {
  const encryptedPath = encryptedNameOf(file, cipher);
  return {
    file: encryptedPath,
    read: () => {
      const encrypted = readPrivateFile(encryptedPath);
      if (encrypted === undefined) return undefined;
      const text = cipher.decrypt(purpose, encrypted.trim());
      if (text !== undefined) return text;
      throw new ProfileError(dataFolderText.otherPassphrase(encryptedPath));
    },
    write: (text) => writePrivateFile(encryptedPath, `${cipher.encrypt(purpose, text)}\n`),
  };
}

/** @param cipher undefined: the text stays plain */
export function storedText(file: string, purpose: EncryptionPurpose, cipher: FileCipher | undefined): StoredText {
  return cipher === undefined ? plainFile(file) : encryptedFile(file, purpose, cipher);
}

/** Path of the encrypted form of a file. */
export function encryptedNameOf(file: string, { ending }: Pick<FileCipher, 'ending'>): string {
  return `${file.replace(/\.json$/, '')}.${ending}`;
}
