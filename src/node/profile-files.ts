import { join } from 'node:path';
import { storedText, type StoredText, type EncryptedFile, encryptedFile } from './encrypted-file.ts';
import type { FileCipher } from './file-cipher.ts';

/** The small texts that a profile keeps: this device's identity, those of other people (F8), and who may learn the address (F2). */
const NAMES = ['identity', 'identities', 'address-rules'] as const;
export type ProfileFiles = Readonly<Record<(typeof NAMES)[number], StoredText>>;

/** @param seal undefined: they are readable for their owner */
export function profileFiles(folder: string, seal: FileCipher | undefined): ProfileFiles {
  const kept = (name: (typeof NAMES)[number]): StoredText => storedText(join(folder, `${name}.json`), name, seal);
  return { identity: kept('identity'), identities: kept('identities'), 'address-rules': kept('address-rules') };
}

/** The same, to be sealed or made readable. */
export function encryptedProfileFiles(folder: string, seal: FileCipher): readonly EncryptedFile[] {
  return NAMES.map((name) => encryptedFile(join(folder, `${name}.json`), name, seal));
}
