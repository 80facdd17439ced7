import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createPrivateFile, readPrivateFile, syncFolder, writePrivateFile } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';
import type { FileCipher } from '../file-cipher.ts';
import { unknownMembers } from '../unknown-members.ts';
import { derivation, deriveKey, type KeyCost, newDerivation } from './passphrase.ts';
import { decryptAesGcm, encryptAesGcm } from './aes-gcm.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

const FILE = 'vault.json';
const VERSION = 1;
const KEY_BYTES = 32;
const WRAPPED = 'aside vault key';

const vaultFile = z.looseObject({
  version: z.literal(VERSION).default(VERSION),
  /** Identifies the vault, whatever its passphrase; a vault made after another was removed has another id. */
  id: z.string().default(''),
  derivation,
  /** The vault's key, encrypted with the key that is derived from the passphrase. */
  wrapped: z.string(),
});

/** The data folder has a vault, and this program does not have its passphrase. */
export class LockedError extends ProfileError {
  constructor() {
    super(dataFolderText.locked);
  }
}

/** The unlocked vault of a data folder: its random key, which encrypts the data of all profiles (G1, G8). */
export class Vault {
  constructor(
    private readonly key: Buffer,
    private readonly id: string,
  ) {}

  /**
   * Compares this vault with the one in a data folder: another program may have removed or replaced it.
   * @throws ProfileError if the file cannot be read, as while too many files are open
   */
  stateIn(dataFolder: string): 'there' | 'gone' | 'replaced' {
    const found = readVaultFile(dataFolder);
    if (found === undefined) return 'gone';
    return found.id === this.id ? 'there' : 'replaced';
  }

  /** @param profile folder of a profile in the data folder, or '' for the data folder; a cipher decrypts its own files only */
  cipherOf(profile: string): FileCipher {
    const about = (purpose: string): string => JSON.stringify(['aside', purpose, profile]);
    return {
      ending: 'vault',
      encrypt: (purpose, text) => encryptAesGcm(this.key, about(purpose), Buffer.from(text)),
      decrypt: (purpose, encrypted) => decryptAesGcm(this.key, about(purpose), encrypted)?.toString(),
    };
  }

  /** Changes the passphrase: encrypts the vault's key again, and no other file. Throws if the disk fails. */
  async changePassphrase(dataFolder: string, passphrase: string, cost?: KeyCost): Promise<void> {
    const wrapped = await wrap(this.key, this.id, passphrase, cost);
    const unknown = unknownMembers(vaultFile, readVaultFile(dataFolder) ?? {});
    writePrivateFile(join(dataFolder, FILE), textOf({ ...unknown, ...wrapped }));
  }
}

/** Whether a data folder has a vault. If so, its files cannot be opened without the vault. */
export function hasVault(dataFolder: string): boolean {
  return existsSync(join(dataFolder, FILE));
}

/**
 * Creates the vault of a data folder and syncs it to the disk. Throws if the disk fails.
 * @returns undefined if there is a vault already
 */
export async function makeVault(dataFolder: string, passphrase: string, cost?: KeyCost): Promise<Vault | undefined> {
  const key = randomBytes(KEY_BYTES);
  const id = randomUUID();
  const made = createPrivateFile(join(dataFolder, FILE), textOf(await wrap(key, id, passphrase, cost)));
  return made ? new Vault(key, id) : undefined;
}

/** Removes the vault; its encrypted files cannot be opened then. @returns the content of its file. Throws if the disk fails. */
export function takeVaultFile(dataFolder: string): string {
  const file = join(dataFolder, FILE);
  const content = readPrivateFile(file) ?? '';
  rmSync(file, { force: true });
  syncFolder(dataFolder);
  return content;
}

/** Writes a removed vault back. Throws if the disk fails. */
export function restoreVault(dataFolder: string, content: string): void {
  writePrivateFile(join(dataFolder, FILE), content);
}

/**
 * Unlocks the vault of a data folder.
 * @returns undefined if the passphrase is wrong
 * @throws ProfileError if the file is missing or damaged
 */
export async function openVault(dataFolder: string, passphrase: string): Promise<Vault | undefined> {
  const content = readVaultFile(dataFolder);
  if (content === undefined) throw new ProfileError(dataFolderText.vaultMissing(join(dataFolder, FILE)));
  const key = decryptAesGcm(await deriveKey(passphrase, content.derivation), WRAPPED, content.wrapped);
  return key === undefined ? undefined : new Vault(key, content.id);
}

/** @returns undefined if there is no vault; @throws ProfileError if its file is damaged or cannot be read now */
function readVaultFile(dataFolder: string): z.infer<typeof vaultFile> | undefined {
  const file = join(dataFolder, FILE);
  let text: string | undefined;
  try {
    text = readPrivateFile(file);
  } catch {
    throw new ProfileError(dataFolderText.vaultUnreadable(file));
  }
  if (text === undefined) return undefined;
  try {
    return vaultFile.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(dataFolderText.vaultDamaged(file));
  }
}

async function wrap(
  key: Buffer,
  id: string,
  passphrase: string,
  cost: KeyCost | undefined,
): Promise<z.infer<typeof vaultFile>> {
  const how = newDerivation(cost);
  const wrapped = encryptAesGcm(await deriveKey(passphrase, how), WRAPPED, key);
  return { version: VERSION, id, derivation: how, wrapped };
}

function textOf(content: z.infer<typeof vaultFile>): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
