import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { storedText, type StoredText, type EncryptedFile, encryptedFile, encryptedNameOf } from './encrypted-file.ts';
import type { FileCipher } from './file-cipher.ts';

/** Small files of a profile: this device's identity, identities of other users (F8), and address rules (F2). */
const NAMES = ['identity', 'identities', 'address-rules'] as const;
export type ProfileFiles = Readonly<Record<(typeof NAMES)[number], StoredText>>;

/** @param cipher undefined: the files are plain */
export function profileFiles(folder: string, cipher: FileCipher | undefined): ProfileFiles {
  const kept = (name: (typeof NAMES)[number]): StoredText => storedText(join(folder, `${name}.json`), name, cipher);
  return { identity: kept('identity'), identities: kept('identities'), 'address-rules': kept('address-rules') };
}

/** The same files, to encrypt or decrypt them. */
export function encryptedProfileFiles(folder: string, cipher: FileCipher): readonly EncryptedFile[] {
  return NAMES.map((name) => encryptedFile(join(folder, `${name}.json`), name, cipher));
}

/** Removes the small files of a profile, plain and encrypted. */
export function removeProfileFiles(folder: string): void {
  for (const name of NAMES) {
    const file = join(folder, `${name}.json`);
    for (const path of [file, ...(['sealed', 'vault'] as const).map((ending) => encryptedNameOf(file, { ending }))]) {
      rmSync(path, { force: true });
    }
  }
}
