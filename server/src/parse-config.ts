import { isAbsolute, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import envPaths from 'env-paths';
import { isLoopbackHost } from '../../src/shared/ip-address.ts';
import {
  environmentName,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
  type OptionRow,
  wholeNumber,
} from './config-options.ts';
import { LOG_FORMATS, LOG_LEVELS, REGISTRATION_POLICIES, type ServerConfig } from './config.ts';
import { SERVER_VERSION } from './version.ts';

/** Result of the command line: run the server, print a text, or report wrong usage. */
export type ParsedConfig =
  | { readonly kind: 'run'; readonly config: ServerConfig }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'usage'; readonly message: string };

/** Reads a file as UTF-8; throws an error with a `code` as Node's does. */
export type ReadFile = (path: string) => string;

const SYNOPSIS = 'node server/dist/index.js <port> <block_duration> <timeout> [options]';
/** Ten years; a longer time is a typing error. */
const SECONDS_MAX = 315_360_000;
const POSITIONALS = [
  { name: 'port', least: 1, most: 65_535, help: 'TCP port to listen on (0: any free port)' },
  {
    name: 'block_duration',
    least: 0,
    most: SECONDS_MAX,
    help: 'seconds for which an account is locked after three failed passwords',
  },
  { name: 'timeout', least: 0, most: SECONDS_MAX, help: 'seconds without user action until sign-out; 0: never' },
] as const;

/** Wrong usage. The message is a clause for the end of the usage line. */
class UsageError extends Error {}

type Values = Partial<Record<OptionName, string>>;

/**
 * Reads the command line, the environment and the configuration file, in this order of precedence (A1, A3).
 * @param argv without node and script
 */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile,
): ParsedConfig {
  try {
    const flags = readFlags(argv);
    if (flags.kind !== 'values') return flags;
    const numbers = readPositionals(flags.positionals);
    const environment = readEnvironment(env);
    const explicit = flags.config ?? filled(env[environmentName('config')]);
    const folder = flags.values.data ?? environment.data;
    const file = readConfigFile(explicit, folder ?? defaultServerFolder(), readFile);
    return { kind: 'run', config: makeConfig(numbers, { ...file, ...environment, ...flags.values }) };
  } catch (error) {
    if (error instanceof UsageError)
      return { kind: 'usage', message: `usage: ${SYNOPSIS}  (${error.message}; see --help)` };
    throw error;
  }
}

/** The default data folder, where the platform stores data of programs. */
export function defaultServerFolder(): string {
  return envPaths('aside', { suffix: 'server' }).data;
}

function readFlags(
  argv: readonly string[],
):
  | { kind: 'values'; values: Values; config: string | undefined; positionals: string[] }
  | { kind: 'print'; text: string } {
  const negative = argv.find((argument) => /^-\d/.test(argument));
  if (negative !== undefined) throw new UsageError('a number cannot be negative');
  const options = {
    ...Object.fromEntries(
      OPTION_NAMES.map((name) => [
        name,
        { type: OPTIONS[name].kind.type === 'boolean' ? 'boolean' : 'string' } as const,
      ]),
    ),
    config: { type: 'string' },
    help: { type: 'boolean' },
    version: { type: 'boolean' },
  } as const;
  const parsed = parseFlags(argv, options);
  if (parsed.values.help === true) return { kind: 'print', text: helpText() };
  if (parsed.values.version === true) return { kind: 'print', text: `aside-server ${SERVER_VERSION}\n` };
  const values: Values = {};
  for (const name of OPTION_NAMES) {
    const value = parsed.values[name];
    if (value !== undefined) values[name] = checked(name, String(value), `--${name}`);
  }
  const config = parsed.values.config;
  return {
    kind: 'values',
    values,
    config: typeof config === 'string' ? config : undefined,
    positionals: parsed.positionals,
  };
}

function parseFlags(
  argv: readonly string[],
  options: Record<string, { readonly type: 'string' | 'boolean' }>,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // First clause of Node's message: "Unknown option '--x'", "Option '--data <value>' argument missing".
    const [clause = ''] = (error as Error).message.split(/\.\s|\n/);
    throw new UsageError(clause.charAt(0).toLowerCase() + clause.slice(1).replace(/\.$/, ''));
  }
}

function readPositionals(positionals: readonly string[]): [port: number, block: number, timeout: number] {
  if (positionals.length > POSITIONALS.length) {
    throw new UsageError(`three numbers are expected, not ${positionals.length} arguments`);
  }
  const [port, block, timeout] = POSITIONALS.map(({ name, least, most }, i) => {
    const text = positionals[i];
    if (text === undefined) throw new UsageError(`${name} is missing`);
    // Port 0 is for tests and tools: the operating system chooses a port, and the server prints it (A2).
    const value = name === 'port' && text === '0' ? 0 : wholeNumber(text, least, most);
    if (value === undefined) throw new UsageError(`${name} must be a whole number from ${least} to ${most}`);
    return value;
  });
  return [port ?? 0, block ?? 0, timeout ?? 0];
}

function readEnvironment(env: Readonly<Record<string, string | undefined>>): Values {
  const values: Values = {};
  for (const name of OPTION_NAMES) {
    const value = filled(env[environmentName(name)]);
    if (value !== undefined) values[name] = checked(name, value, environmentName(name));
  }
  return values;
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function checked(name: OptionName, value: string, source: string): string {
  const row: OptionRow = OPTIONS[name];
  const problem = value === '' ? 'must not be empty' : row.kind.check(value);
  if (problem !== undefined) throw new UsageError(`${source} ${problem}`);
  return value;
}

function readConfigFile(explicit: string | undefined, folder: string, readFile: ReadFile): Values {
  const path = resolve(explicit ?? join(folder, 'config.json'));
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    // The start creates a missing data folder and reports an unusable one.
    if (explicit === undefined && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(code)) return {};
    throw new UsageError(`the configuration file ${path} cannot be read: ${code}`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw new UsageError(`the configuration file ${path} is not valid JSON`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`the configuration file ${path} must be a JSON object with the names of options`);
  }
  const values: Values = {};
  for (const [key, value] of Object.entries(parsed)) {
    const name = OPTION_NAMES.find((known) => known === key);
    if (name === undefined) throw new UsageError(`unknown option "${printable(key)}" in ${path}`);
    const { type } = OPTIONS[name].kind;
    if (typeof value !== type) throw new UsageError(`"${name}" in ${path} must be a ${type}`);
    if (name === 'data' && explicit === undefined) {
      throw new UsageError(`"data" cannot be set in ${path}, because the file is found through this option`);
    }
    const text = checked(name, String(value), `"${name}" in ${path}`);
    values[name] = IS_PATH.has(name) && !isAbsolute(text) ? join(dirname(path), text) : text;
  }
  return values;
}

/** Options whose relative paths in a configuration file start at the folder of that file. */
const IS_PATH: ReadonlySet<OptionName> = new Set(['data', 'tls-key', 'tls-cert', 'import-credentials']);

function printable(key: string): string {
  return key.slice(0, 40).replaceAll(/[^\x20-\x7e]/g, '?');
}

function makeConfig([port, blockSeconds, timeoutSeconds]: [number, number, number], values: Values): ServerConfig {
  const plaintext = values.plaintext === 'true' || values.plaintext === '1';
  const host = values.host ?? (plaintext ? '127.0.0.1' : undefined);
  if (plaintext && host !== undefined && !isLoopbackHost(host)) {
    throw new UsageError('--plaintext is allowed on loopback addresses only, such as 127.0.0.1');
  }
  const { 'tls-key': keyFile, 'tls-cert': certificateFile, 'metrics-port': metricsPort } = values;
  if ((keyFile === undefined) !== (certificateFile === undefined)) {
    throw new UsageError('--tls-key and --tls-cert must be given together');
  }
  if (plaintext && keyFile !== undefined)
    throw new UsageError('--plaintext cannot be used with --tls-key and --tls-cert');
  return {
    port,
    blockSeconds,
    timeoutSeconds,
    host,
    dataFolder: resolve(values.data ?? defaultServerFolder()),
    tls: keyFile === undefined || certificateFile === undefined ? undefined : { keyFile, certificateFile },
    plaintext,
    registration: oneOf(REGISTRATION_POLICIES, values.registration) ?? 'open',
    logLevel: oneOf(LOG_LEVELS, values['log-level']) ?? 'info',
    logFormat: oneOf(LOG_FORMATS, values['log-format']) ?? 'pretty',
    metricsPort: metricsPort === undefined ? undefined : Number(metricsPort),
    importCredentials: values['import-credentials'],
    messageRate: Number(values['message-rate'] ?? '100'),
  };
}

function oneOf<T extends string>(choices: readonly T[], value: string | undefined): T | undefined {
  return choices.find((choice) => choice === value);
}

function helpText(): string {
  const rows: [string, string][] = OPTION_NAMES.map((name) => {
    const { kind, help, standard }: OptionRow = OPTIONS[name];
    const shown = name === 'data' ? defaultServerFolder() : (standard ?? 'off');
    return [`--${name}${kind.argument === undefined ? '' : ` ${kind.argument}`}`, `${help} [${shown}]`];
  });
  rows.push(
    ['--config FILE', 'JSON object with the names above as members [config.json in the data folder]'],
    ['--help', 'print this help'],
    ['--version', 'print the version'],
  );
  const numbers = POSITIONALS.map(({ name, help }): [string, string] => [name, help]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const table = (lines: [string, string][]): string =>
    lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
  return (
    `Usage: ${SYNOPSIS}\n\nThe Aside server. For example: node server/dist/index.js 12000 120 60\n\n` +
    `${table(numbers)}\nOptions, with defaults in brackets:\n${table(rows)}\n` +
    'Each option can also be set in the environment (--tls-key as ASIDE_TLS_KEY, and so on) or in the\n' +
    'configuration file. A flag overrides the environment, and the environment overrides the file.\n'
  );
}
