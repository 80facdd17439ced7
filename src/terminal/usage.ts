import { LINE_COMMANDS } from './line-commands.ts';

export const PASSWORD_VARIABLE = 'ASIDE_PASSWORD';
export const PASSPHRASE_VARIABLE = 'ASIDE_PASSPHRASE';
export const USAGE_LINE = 'Usage: aside <host> <port> [options]      aside --help tells more.';

/** What `aside --help` prints. */
export function usageText(defaultDataFolder: string): string {
  return `Usage: aside <host> <port> [options]

Signs in to the Aside server at that address and lets you talk: with a prompt in a
terminal, one command a line from a pipe.

  --user NAME                who you are; asked for in a terminal
  --register                 create the account first
  --invite CODE              the invitation, where the server wants one to register
  --take-over                end the session that this account has elsewhere
  --data DIR                 keys, token and history (default: ${defaultDataFolder})
  --json                     one JSON object for each thing that happens, for programs
  --plaintext                no TLS; only for a server on this machine that was started so
  --accept-certificate FP    trust the server's changed certificate with this fingerprint
  --public-address A:PORT    where your router lets others in to this computer, for talking aside
                             directly; its port is listened on while you do
  --help, --version

The password is asked for in a terminal; programs set ${PASSWORD_VARIABLE} (and ASIDE_NEW_PASSWORD
for the command "password"). Where the app has locked the data folder with a passphrase, that is
asked for too, or read from ${PASSPHRASE_VARIABLE}.

Exit codes: 0 everything asked for was done; 1 connecting or signing in failed, the
session was ended, or something asked for was not done; 2 wrong arguments, or no
password where nobody can be asked.

Commands:
${helpText()}`;
}

/** What `help` prints: each command with what it does. */
export function helpText(): string {
  const rows = Object.values(LINE_COMMANDS).map(({ usage, about }) => `  ${usage.padEnd(28)} ${about}`);
  return `${rows.join('\n')}\n\nA text is everything after the name, exactly as typed; it is one line. Programs send several lines with --json.\n`;
}
