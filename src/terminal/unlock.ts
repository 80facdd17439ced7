import { defaultClientFolder } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { encryptProfiles } from '../node/protect-profiles.ts';
import { hasVault, openVault, type Vault } from '../node/vault/vault.ts';
import { en } from '../shared/text/en.ts';
import { terminalText } from '../shared/text/terminal.ts';
import type { TerminalOptions } from './options.ts';
import { printable } from './printable.ts';
import type { TerminalScreen } from './terminal-screen.ts';

const { program, prompts } = terminalText;

/** Encryption that takes longer reports its progress, again and again after this time, milliseconds. */
const PROGRESS_MS = 2_000;

/** Opens the profiles of the data folder; `vault` is absent if the folder has none. */
export interface UnlockedFolder {
  readonly vault?: Vault;
}

/**
 * Opens the vault that the app has made in this data folder (G8), and asks for the passphrase until it is right.
 * @returns undefined if the user leaves, or after a message if the file is damaged
 */
export async function unlock(screen: TerminalScreen, options: TerminalOptions): Promise<UnlockedFolder | undefined> {
  const folder = options.dataFolder ?? defaultClientFolder();
  if (!hasVault(folder)) return {};
  let { passphrase } = options;
  if (passphrase === undefined) screen.print(prompts.locked);
  for (;;) {
    if (passphrase === undefined) {
      const answer = await screen.ask(prompts.passphrase, { hidden: true });
      if (answer.kind !== 'line') return undefined;
      passphrase = answer.text;
    }
    try {
      const vault = passphrase === '' ? undefined : await openVault(folder, passphrase);
      if (vault !== undefined) {
        await encryptRest(folder, vault, screen);
        return { vault };
      }
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      screen.print(error.message);
      return undefined;
    }
    screen.print(en.failures['wrong-passphrase']);
    passphrase = undefined;
  }
}

/** Encrypts files that a crash has left unencrypted, and reports the progress if that takes long. */
async function encryptRest(folder: string, vault: Vault, screen: TerminalScreen | undefined): Promise<void> {
  let next = performance.now() + PROGRESS_MS;
  const onProgress = (part: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    screen?.print(prompts.encrypting(Math.floor(part * 100)));
  };
  for (const { username, server } of await encryptProfiles(folder, vault, undefined, { onProgress })) {
    screen?.print(prompts.notEncrypted(printable(username), `${printable(server.host)}:${server.port}`));
  }
}

/**
 * Opens the vault with the passphrase of the environment, without a terminal.
 * @returns a sentence and the exit code if that fails
 * @throws ProfileError if the file is damaged
 */
export async function unlockPiped({
  dataFolder = defaultClientFolder(),
  passphrase,
}: TerminalOptions): Promise<UnlockedFolder | { readonly mistake: string; readonly exitCode: number }> {
  if (!hasVault(dataFolder)) return {};
  if (passphrase === undefined) return { mistake: program.locked, exitCode: 2 };
  const vault = await openVault(dataFolder, passphrase);
  if (vault === undefined) return { mistake: program.wrongPassphrase, exitCode: 1 };
  await encryptRest(dataFolder, vault, undefined);
  return { vault };
}
