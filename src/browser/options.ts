import { parseArgs } from 'node:util';
import type { ServerChoice } from '../shared/client-api/host.ts';
import { readPort, readServer } from '../host/read-server.ts';
import { browserHostText } from '../shared/text/shell.ts';

/** Options of the browser host. */
export interface BrowserOptions {
  readonly dataFolder: string | undefined;
  /** Port of the browser host; 0: a free one. */
  readonly port: number;
  /** Server that a first start offers. */
  readonly server: ServerChoice | undefined;
  /** Fingerprint of `server`, if the program that starts the app vouches for it. */
  readonly serverFingerprint: string | undefined;
  /** Open the app in the user's browser. */
  readonly open: boolean;
  readonly uiFolder: string | undefined;
}

export type ParsedBrowserOptions =
  | { readonly kind: 'run'; readonly options: BrowserOptions }
  | { readonly kind: 'print'; readonly what: 'help' | 'version' }
  | { readonly kind: 'mistake'; readonly text: string };

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  server: { type: 'string' },
  'server-fingerprint': { type: 'string' },
  plaintext: { type: 'boolean' },
  open: { type: 'boolean' },
  ui: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/**
 * @param args without Node and the program
 * @param environment `ASIDE_DATA`
 */
export function parseBrowserOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedBrowserOptions {
  let values: ReturnType<typeof readArguments>;
  try {
    values = readArguments(args);
  } catch (error) {
    return usageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : browserHostText.badArguments);
  }
  if (values.help === true) return { kind: 'print', what: 'help' };
  if (values.version === true) return { kind: 'print', what: 'version' };
  const port = values.port === undefined ? 0 : readPort(values.port);
  if (port === undefined) return usageError(browserHostText.badPort);
  const server = values.server === undefined ? undefined : readServer(values.server, values.plaintext === true);
  if (typeof server === 'string') return usageError(server);
  if (server === undefined && values.plaintext === true) return usageError(browserHostText.plaintextWithoutServer);
  const folder = values.data ?? environment.ASIDE_DATA;
  const dataFolder = folder === '' ? undefined : folder;
  const serverFingerprint = values['server-fingerprint'];
  const open = values.open === true;
  return { kind: 'run', options: { dataFolder, port, server, serverFingerprint, open, uiFolder: values.ui } };
}

function readArguments(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true }).values;
}

function usageError(what: string): ParsedBrowserOptions {
  return { kind: 'mistake', text: `aside: ${what}\n${browserHostText.usage}` };
}
