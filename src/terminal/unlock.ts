import { defaultClientFolder } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { encryptProfiles } from '../node/protect-profiles.ts';
import { hasVault, openVault, type Vault } from '../node/vault/vault.ts';
import { en } from '../shared/text/en.ts';
import type { TerminalOptions } from './options.ts';
import { printable } from './printable.ts';
import type { Screen } from './screen.ts';
import { PASSPHRASE_VARIABLE } from './usage.ts';

/** How long nothing is said while everything is encrypted, milliseconds. */
const PATIENCE_MS = 2_000;

/** What opens the profiles of the data folder; `vault` is absent where there is none. */
export interface Unlocked {
  readonly vault?: Vault;
}

/**
 * Opens the vault that the app has made in this data folder (G8), asking for the passphrase as often as it takes.
 * @returns undefined when the person left, or where the file is damaged, which was said then
 */
export async function unlock(screen: Screen, options: TerminalOptions): Promise<Unlocked | undefined> {
  const folder = options.dataFolder ?? defaultClientFolder();
  if (!hasVault(folder)) return {};
  let { passphrase } = options;
  if (passphrase === undefined) screen.print('What is kept in this data folder is locked with a passphrase.');
  for (;;) {
    if (passphrase === undefined) {
      const asked = await screen.ask('Passphrase: ', { hidden: true });
      if (asked.kind !== 'line') return undefined;
      passphrase = asked.text;
    }
    try {
      const vault = passphrase === '' ? undefined : await openVault(folder, passphrase);
      if (vault !== undefined) {
        await sealRest(folder, vault, screen);
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

/** Seals what a crash has left readable, and says how far that is where it takes long. */
async function sealRest(folder: string, vault: Vault, screen: Screen | undefined): Promise<void> {
  let next = performance.now() + PATIENCE_MS;
  const onProgress = (part: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + PATIENCE_MS;
    screen?.print(`Encrypting what is kept here: ${Math.floor(part * 100)} %`);
  };
  for (const { username, server } of await encryptProfiles(folder, vault, undefined, { onProgress })) {
    const account = `${printable(username)} at ${printable(server.host)}:${server.port}`;
    screen?.print(
      `Not encrypted yet: ${account}. Another program has it open. Close that one; it is done at the next unlocking.`,
    );
  }
}

/**
 * The same where nobody can be asked.
 * @returns a sentence and the exit code where it does not open
 * @throws ProfileError where the file is damaged
 */
export async function unlockPiped({
  dataFolder = defaultClientFolder(),
  passphrase,
}: TerminalOptions): Promise<Unlocked | { readonly mistake: string; readonly exitCode: number }> {
  if (!hasVault(dataFolder)) return {};
  if (passphrase === undefined) {
    const mistake = `this data folder is locked, and nobody can be asked here: give the passphrase in ${PASSPHRASE_VARIABLE}.`;
    return { mistake, exitCode: 2 };
  }
  const vault = await openVault(dataFolder, passphrase);
  if (vault !== undefined) await sealRest(dataFolder, vault, undefined);
  return vault === undefined
    ? { mistake: `the passphrase in ${PASSPHRASE_VARIABLE} does not open this data folder.`, exitCode: 1 }
    : { vault };
}
