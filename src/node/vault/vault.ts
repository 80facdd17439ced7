import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createPrivateFile, readPrivateFile, syncFolder, writePrivateFile } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';
import type { Seal } from '../sealed-profile.ts';
import { derivation, deriveKey, newDerivation } from './passphrase.ts';
import { openBox, sealBox } from './sealed-box.ts';

const FILE = 'vault.json';
const VERSION = 1;
const KEY_BYTES = 32;
const WRAPPED = 'aside vault key';

const vaultFile = z.object({
  version: z.literal(VERSION),
  derivation,
  /** The vault's key, sealed with the one that comes of the passphrase. */
  wrapped: z.string(),
});

/** A data folder is locked with a passphrase, and this program was not given it. */
export class LockedError extends ProfileError {
  constructor() {
    super('What Aside keeps on this computer is locked with a passphrase. Unlock it first.');
  }
}

/** The open vault of a data folder: its random key, which seals what the profiles keep (G1, G8). */
export class Vault {
  constructor(private readonly key: Buffer) {}

  /** @param profile its folder within the data folder; what was sealed for one opens for no other */
  sealOf(profile: string): Seal {
    const about = (purpose: string): string => JSON.stringify(['aside', purpose, profile]);
    return {
      ending: 'vault',
      seal: (purpose, text) => sealBox(this.key, about(purpose), Buffer.from(text)),
      open: (purpose, sealed) => openBox(this.key, about(purpose), sealed)?.toString(),
    };
  }

  /** Puts it behind another passphrase; nothing else has to be sealed anew. Throws when the disk fails. */
  async changePassphrase(dataFolder: string, passphrase: string): Promise<void> {
    writePrivateFile(join(dataFolder, FILE), await wrap(this.key, passphrase));
    syncFolder(dataFolder);
  }
}

/** Whether a data folder has a vault; nothing in it is opened without it then. */
export function hasVault(dataFolder: string): boolean {
  return existsSync(join(dataFolder, FILE));
}

/**
 * Makes the vault of a data folder. It is on the disk when this resolves. Throws when the disk fails.
 * @returns undefined where there is one already
 */
export async function makeVault(dataFolder: string, passphrase: string): Promise<Vault | undefined> {
  const key = randomBytes(KEY_BYTES);
  const made = createPrivateFile(join(dataFolder, FILE), await wrap(key, passphrase));
  if (!made) return undefined;
  syncFolder(dataFolder);
  return new Vault(key);
}

/**
 * @returns undefined where it is not the passphrase
 * @throws ProfileError where the file is missing or damaged
 */
export async function openVault(dataFolder: string, passphrase: string): Promise<Vault | undefined> {
  const file = join(dataFolder, FILE);
  let content: z.infer<typeof vaultFile>;
  try {
    content = vaultFile.parse(JSON.parse(readPrivateFile(file) ?? ''));
  } catch {
    throw new ProfileError(
      `The file that the passphrase opens is damaged: ${file}. Restore it from a copy; without it nothing here can be read.`,
    );
  }
  const key = openBox(await deriveKey(passphrase, content.derivation), WRAPPED, content.wrapped);
  return key === undefined ? undefined : new Vault(key);
}

async function wrap(key: Buffer, passphrase: string): Promise<string> {
  const how = newDerivation();
  const wrapped = sealBox(await deriveKey(passphrase, how), WRAPPED, key);
  const content: z.infer<typeof vaultFile> = { version: VERSION, derivation: how, wrapped };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
