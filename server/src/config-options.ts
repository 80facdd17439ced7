import { LOG_FORMATS, LOG_LEVELS, REGISTRATION_POLICIES } from './config.ts';

/**
 * Type of an option's value. `check` describes what the value must be, for a sentence that begins with the option.
 */
export interface OptionKind {
  /** Placeholder in `--help`; undefined for a switch. */
  readonly argument: string | undefined;
  /** Type in the configuration file. */
  readonly type: 'string' | 'number' | 'boolean';
  /** @returns undefined if the text is valid */
  check(text: string): string | undefined;
}

export interface OptionRow {
  readonly kind: OptionKind;
  readonly help: string;
  /** As shown in `--help`. */
  readonly standard?: string;
}

/** Decimal digits only; no sign, no exponent, no white space. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function text(argument: string): OptionKind {
  return { argument, type: 'string', check: () => undefined };
}

function number(argument: string, least: number, most: number): OptionKind {
  const range = `must be a whole number from ${least} to ${most}`;
  return {
    argument,
    type: 'number',
    check: (value) => (wholeNumber(value, least, most) === undefined ? range : undefined),
  };
}

function choice(values: readonly string[]): OptionKind {
  const names = `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  return { argument: values.join('|'), type: 'string', check: (value) => (values.includes(value) ? undefined : names) };
}

const toggle: OptionKind = {
  argument: undefined,
  type: 'boolean',
  check: (value) => (['true', 'false', '1', '0'].includes(value) ? undefined : 'must be true or false'),
};

function only(argument: string, scheme: string, later: string): OptionKind {
  return {
    argument,
    type: 'string',
    check: (value) =>
      value === scheme ? undefined : `must be "${scheme}": ${later} are not supported by this version`,
  };
}

/** Every option of flags, environment and configuration file (A3), by its long name. */
export const OPTIONS = {
  host: { kind: text('ADDRESS'), help: 'address to listen on', standard: 'all; 127.0.0.1 with --plaintext' },
  data: { kind: text('DIR'), help: 'data folder' },
  'tls-key': { kind: text('FILE'), help: 'private key in PEM form (P-256 or RSA)', standard: 'created at first start' },
  'tls-cert': { kind: text('FILE'), help: 'certificate or chain for --tls-key', standard: 'created at first start' },
  plaintext: { kind: toggle, help: 'serve without TLS, on a loopback address only' },
  registration: { kind: choice(REGISTRATION_POLICIES), help: 'who may create an account', standard: 'open' },
  'log-level': { kind: choice(LOG_LEVELS), help: 'how much to log on standard error', standard: 'info' },
  'log-format': { kind: choice(LOG_FORMATS), help: 'format of the log', standard: 'pretty' },
  'metrics-port': {
    kind: number('PORT', 1, 65_535),
    help: 'serve /metrics, /health and /ready on 127.0.0.1',
    standard: 'off',
  },
  'import-credentials': {
    kind: text('FILE'),
    help: 'create accounts from lines "username password" before the start',
    standard: 'none',
  },
  'message-rate': {
    kind: number('N', 0, 1_000_000),
    help: 'messages a second per user, with bursts of five times as many; 0: no limit',
    standard: '100',
  },
  store: { kind: only('URL', 'sqlite:', 'other stores'), help: 'where data is stored', standard: 'sqlite:' },
  bus: { kind: only('URL', 'local:', 'other buses'), help: 'how servers communicate', standard: 'local:' },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** `tls-key` is `ASIDE_TLS_KEY` in the environment. */
export function environmentName(option: OptionName | 'config'): string {
  return `ASIDE_${option.toUpperCase().replaceAll('-', '_')}`;
}
