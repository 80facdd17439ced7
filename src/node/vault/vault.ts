import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createPrivateFile, readPrivateFile, syncFolder, writePrivateFile } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';
import type { Seal } from '../seal.ts';
import { unknownMembers } from '../unknown-members.ts';
import { derivation, deriveKey, newDerivation } from './passphrase.ts';
import { openBox, sealBox } from './sealed-box.ts';

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

/** A data folder is locked with a passphrase, and this program was not given it. */
export class LockedError extends ProfileError {
  constructor() {
    super('What Aside keeps on this computer is locked with a passphrase. Unlock it first.');
  }
}

/** The open vault of a data folder: its random key, which seals what the profiles keep (G1, G8). */
export class Vault {
  constructor(
    private readonly key: Buffer,
    private readonly id: string,
  ) {}

  /**
   * Which vault a data folder has now: another program may have taken this one away, or made one after that.
   * @throws ProfileError where that cannot be found out, as while too many files are open: it may well be this one
   */
  placeIn(dataFolder: string): 'there' | 'gone' | 'replaced' {
    const found = readVaultFile(dataFolder);
    if (found === undefined) return 'gone';
    return found.id === this.id ? 'there' : 'replaced';
  }

  /** @param profile its folder within the data folder, or '' for that itself; what was sealed for one opens for no other */
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
    const wrapped = await wrap(this.key, this.id, passphrase);
    const unknown = unknownMembers(vaultFile, readVaultFile(dataFolder) ?? {});
    writePrivateFile(join(dataFolder, FILE), textOf({ ...unknown, ...wrapped }));
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
  const id = randomUUID();
  const made = createPrivateFile(join(dataFolder, FILE), textOf(await wrap(key, id, passphrase)));
  return made ? new Vault(key, id) : undefined;
}

/** Takes the vault away; what it has sealed opens no more. @returns what was in its file. Throws when the disk fails. */
export function takeVaultFile(dataFolder: string): string {
  const file = join(dataFolder, FILE);
  const content = readPrivateFile(file) ?? '';
  rmSync(file, { force: true });
  syncFolder(dataFolder);
  return content;
}

/** Puts back what was taken away. Throws when the disk fails. */
export function restoreVault(dataFolder: string, content: string): void {
  writePrivateFile(join(dataFolder, FILE), content);
}

/**
 * @returns undefined where it is not the passphrase
 * @throws ProfileError where the file is missing or damaged
 */
export async function openVault(dataFolder: string, passphrase: string): Promise<Vault | undefined> {
  const content = readVaultFile(dataFolder);
  if (content === undefined) throw unusable('is missing', join(dataFolder, FILE));
  const key = openBox(await deriveKey(passphrase, content.derivation), WRAPPED, content.wrapped);
  return key === undefined ? undefined : new Vault(key, content.id);
}

/** @returns undefined where there is none; @throws ProfileError where it is damaged, or cannot be read just now */
function readVaultFile(dataFolder: string): z.infer<typeof vaultFile> | undefined {
  const file = join(dataFolder, FILE);
  let text: string | undefined;
  try {
    text = readPrivateFile(file);
  } catch {
    throw new ProfileError(`The file that the passphrase opens cannot be read just now: ${file}. Try again.`);
  }
  if (text === undefined) return undefined;
  try {
    return vaultFile.parse(JSON.parse(text));
  } catch {
    throw unusable('is damaged', file);
  }
}

function unusable(how: string, file: string): ProfileError {
  return new ProfileError(
    `The file that the passphrase opens ${how}: ${file}. Restore it from a copy; without it nothing here can be read.`,
  );
}

async function wrap(key: Buffer, id: string, passphrase: string): Promise<z.infer<typeof vaultFile>> {
  const how = newDerivation();
  const wrapped = sealBox(await deriveKey(passphrase, how), WRAPPED, key);
  return { version: VERSION, id, derivation: how, wrapped };
}

function textOf(content: z.infer<typeof vaultFile>): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
