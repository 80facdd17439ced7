import { parseArgs } from 'node:util';
import { type ObservedAddress, parseObserved } from '../core/private/signaling/candidates.ts';
import { terminalText } from '../shared/text/terminal.ts';

const { program } = terminalText;

/** Arguments and environment of the client (H1). */
export interface TerminalOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly newPassword: string | undefined;
  /** Opens the data folder if the app has locked it. */
  readonly passphrase: string | undefined;
  readonly invite: string | undefined;
  readonly register: boolean;
  readonly takeOver: boolean;
  readonly dataFolder: string | undefined;
  readonly json: boolean;
  readonly plaintext: boolean;
  readonly acceptCertificate: string | undefined;
  /** Address at which other networks reach this computer (F2). */
  readonly publicAddress: ObservedAddress | undefined;
}

export type ParsedTerminalOptions =
  | { readonly kind: 'run'; readonly options: TerminalOptions }
  | { readonly kind: 'print'; readonly what: 'help' | 'version' }
  | { readonly kind: 'mistake'; readonly text: string };

const OPTIONS = {
  user: { type: 'string' },
  invite: { type: 'string' },
  register: { type: 'boolean' },
  'take-over': { type: 'boolean' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  plaintext: { type: 'boolean' },
  'accept-certificate': { type: 'string' },
  'public-address': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const FINGERPRINT = /^[0-9A-F]{64}$/;

/**
 * @param args without the names of Node and the program
 * @param environment `ASIDE_PASSWORD`, `ASIDE_NEW_PASSWORD`, `ASIDE_PASSPHRASE`, `ASIDE_DATA`, `ASIDE_PUBLIC_ADDRESS`
 */
export function parseTerminalOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedTerminalOptions {
  let parsed: ReturnType<typeof readArguments>;
  try {
    parsed = readArguments(args);
  } catch (error) {
    return mistake(error instanceof Error ? error.message.split('. ')[0] : undefined);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: 'print', what: 'help' };
  if (values.version === true) return { kind: 'print', what: 'version' };
  const [host, portText, ...more] = positionals;
  if (host === undefined || portText === undefined || more.length > 0) return mistake(program.noServer);
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) return mistake(program.badPort);
  if (values.plaintext === true && !isLoopback(host)) {
    return mistake(program.plaintextElsewhere);
  }
  const accept = values['accept-certificate'];
  const fingerprint = accept === undefined ? undefined : readFingerprint(accept);
  if (accept !== undefined && fingerprint === undefined) {
    return mistake(program.badFingerprint);
  }
  const publicText = values['public-address'] ?? nonEmpty(environment.ASIDE_PUBLIC_ADDRESS);
  const publicAddress = parseObserved(publicText);
  if (publicText !== undefined && (publicAddress === undefined || publicAddress.port < 1_024)) {
    return mistake(program.badPublicAddress);
  }
  const user = values.user?.trim();
  const badUser = user === undefined ? undefined : usernameMistake(user);
  if (badUser !== undefined) return mistake(program.badUser(badUser));
  return {
    kind: 'run',
    options: {
      host,
      port,
      user,
      password: nonEmpty(environment.ASIDE_PASSWORD),
      newPassword: nonEmpty(environment.ASIDE_NEW_PASSWORD),
      passphrase: nonEmpty(environment.ASIDE_PASSPHRASE),
      invite: values.invite,
      register: values.register === true,
      takeOver: values['take-over'] === true,
      dataFolder: values.data ?? nonEmpty(environment.ASIDE_DATA),
      json: values.json === true,
      plaintext: values.plaintext === true,
      acceptCertificate: fingerprint,
      publicAddress,
    },
  };
}

/** Why a username cannot be valid; the server checks the rest. */
export function usernameMistake(name: string): string | undefined {
  if (name === '') return program.usernameMissing;
  if (/[\s\p{Cc}]/u.test(name)) return program.usernameInvalid;
  return name.length > 128 ? program.usernameTooLong : undefined;
}

/** Whether a connection to an address stays on this machine. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function readArguments(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
}

function readFingerprint(text: string): string | undefined {
  const digits = text.replaceAll(':', '').toUpperCase();
  return FINGERPRINT.test(digits) ? (digits.match(/../g) ?? []).join(':') : undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function mistake(what = program.badArguments): ParsedTerminalOptions {
  return { kind: 'mistake', text: `aside: ${what}\n${program.usage}` };
}
