import { parseArgs } from 'node:util';
import { type ObservedAddress, parseObserved } from '../core/private/signaling/candidates.ts';
import { PASSPHRASE_VARIABLE, PASSWORD_VARIABLE, USAGE_LINE } from './usage.ts';

/** How the client was asked to run (H1). */
export interface TerminalOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly newPassword: string | undefined;
  /** Opens the data folder where the app has locked it. */
  readonly passphrase: string | undefined;
  readonly invite: string | undefined;
  readonly register: boolean;
  readonly takeOver: boolean;
  readonly dataFolder: string | undefined;
  readonly json: boolean;
  readonly plaintext: boolean;
  readonly acceptCertificate: string | undefined;
  /** Where this computer can be reached from outside (F2). */
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
 * @param args without the names of Node and of the program
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
  if (host === undefined || portText === undefined || more.length > 0) return mistake('a host and a port are needed');
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) return mistake('the port is a number from 1 to 65535');
  if (values.plaintext === true && !isLoopback(host)) {
    return mistake('--plaintext is for servers on this machine only; leave it out to use TLS');
  }
  const accept = values['accept-certificate'];
  const fingerprint = accept === undefined ? undefined : readFingerprint(accept);
  if (accept !== undefined && fingerprint === undefined) {
    return mistake('--accept-certificate takes the fingerprint as it was shown: 64 hexadecimal digits, colons between');
  }
  const publicText = values['public-address'] ?? nonEmpty(environment.ASIDE_PUBLIC_ADDRESS);
  const publicAddress = parseObserved(publicText);
  if (publicText !== undefined && (publicAddress === undefined || publicAddress.port < 1_024)) {
    return mistake(
      '--public-address is an address with a port from 1024 on, such as 203.0.113.7:40000 or [2001:db8::7]:40000',
    );
  }
  const badUser = values.user === undefined ? undefined : usernameMistake(values.user);
  if (badUser !== undefined) return mistake(`--user: ${badUser}`);
  return {
    kind: 'run',
    options: {
      host,
      port,
      user: values.user,
      password: nonEmpty(environment[PASSWORD_VARIABLE]),
      newPassword: nonEmpty(environment.ASIDE_NEW_PASSWORD),
      passphrase: nonEmpty(environment[PASSPHRASE_VARIABLE]),
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

/** What is wrong with a username at first sight; the server judges the rest. */
export function usernameMistake(name: string): string | undefined {
  if (name === '') return 'a username is needed.';
  if (/[\s\p{Cc}]/u.test(name)) return 'a username has no white space or control characters.';
  return name.length > 128 ? 'that username is too long: at most 32 characters.' : undefined;
}

/** Whether an address never leaves this machine. */
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

function mistake(what = 'the arguments are not understood'): ParsedTerminalOptions {
  return { kind: 'mistake', text: `aside: ${what}\n${USAGE_LINE}` };
}
