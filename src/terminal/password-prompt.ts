import { terminalText } from '../shared/text/terminal.ts';
import type { TerminalScreen } from './terminal-screen.ts';

const { prompts } = terminalText;

/** @param twice for a new password, because the user does not see the typed text */
export async function askPassword(screen: TerminalScreen, twice: boolean): Promise<string | undefined> {
  for (;;) {
    const first = await screen.ask(twice ? prompts.newPassword : prompts.password, { hidden: true });
    if (first.kind !== 'line') return undefined;
    if (first.text === '') continue;
    if (!twice) return first.text;
    const second = await screen.ask(prompts.again, { hidden: true });
    if (second.kind !== 'line') return undefined;
    if (second.text === first.text) return first.text;
    screen.print(prompts.passwordsDiffer);
  }
}

/** Asks for the current and a new password. */
export async function askNewPassword(
  screen: TerminalScreen,
): Promise<{ password: string; newPassword: string } | undefined> {
  const password = await askPassword(screen, false);
  if (password === undefined) return undefined;
  const newPassword = await askPassword(screen, true);
  return newPassword === undefined ? undefined : { password, newPassword };
}

/** Asks for confirmation before an account is deleted. @param own its username */
export async function askDeletion(
  screen: TerminalScreen,
  own: string,
): Promise<{ user: string; password: string } | undefined> {
  screen.print(prompts.deleteAccount);
  const confirmation = await screen.ask(prompts.deleteConfirm(own));
  if (confirmation.kind !== 'line' || confirmation.text.trim() !== own) {
    screen.print(prompts.nothingDeleted);
    return undefined;
  }
  const password = await askPassword(screen, false);
  return password === undefined ? undefined : { user: own, password };
}
