import { createInterface } from 'node:readline';
import { AppHost } from '../host/app-host.ts';
import type { Shell } from '../host/shell.ts';
import { readUiFiles, type UiFile } from '../host/windows/ui-files.ts';
import { VERSION } from '../host/version.ts';
import { failed } from '../shared/client-api/failure.ts';
import type { ServerChoice } from '../shared/client-api/host.ts';
import { BrowserHost, type BrowserHostOptions } from './browser-host.ts';
import { KEY_LIFE_MS } from './entry-keys.ts';
import { readLastPort, rememberPort } from './last-port.ts';

export interface RunOptions {
  readonly dataFolder: string;
  readonly uiFolder: string;
  readonly port: number;
  readonly server: ServerChoice | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** In a browser the page opens links and raises notifications itself; nothing of that is asked of this program. */
const BROWSER_SHELL: Shell = {
  kind: 'browser',
  openLink: async () => failed('invalid-command', 'In a browser, the page opens links itself.'),
  notify: () => failed('invalid-command', 'In a browser, the page notifies by itself.'),
  setUnread: () => undefined,
  preferences: () => undefined,
};

/**
 * Runs the app for a browser until a signal ends it; the sessions stay good for the next start.
 * @returns the exit code: 1 with a sentence on standard error where it cannot start
 */
export async function runBrowserHost({ dataFolder, uiFolder, port, server }: RunOptions): Promise<number> {
  const asked = askedToEnd();
  let host: AppHost | undefined;
  try {
    const files: ReadonlyMap<string, UiFile> = readUiFiles(uiFolder);
    const chosen = server === undefined ? {} : { server };
    host = new AppHost({ dataFolder, version: VERSION, shell: BROWSER_SHELL, ...chosen });
    const browserHost = await startAt({ host, files, port }, dataFolder);
    printLink(browserHost);
    offerLinks(browserHost);
    await asked;
    await browserHost.close();
    return 0;
  } catch (error) {
    process.stderr.write(`aside: ${explain(error, port)}\n`);
    return 1;
  } finally {
    host?.close();
    // An open terminal would keep the program running.
    process.stdin.pause();
  }
}

/** Where no port was asked for, at that of last time, or at a free one. */
async function startAt(options: BrowserHostOptions, dataFolder: string): Promise<BrowserHost> {
  if (options.port !== 0) return await BrowserHost.start(options);
  let browserHost: BrowserHost;
  try {
    browserHost = await BrowserHost.start({ ...options, port: readLastPort(dataFolder) });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    browserHost = await BrowserHost.start(options);
  }
  rememberPort(dataFolder, browserHost.port);
  return browserHost;
}

/** Resolves at the first signal; a second one ends the program at once. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let first = true;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (!first) process.exit(1);
        first = false;
        resolve();
      });
    }
  });
}

function printLink(browserHost: BrowserHost): void {
  const minutes = KEY_LIFE_MS / 60_000;
  process.stdout.write(
    `Aside is ready. Open this link in a browser on this machine (good once, for ${minutes} minutes):\n` +
      `${browserHost.link()}\n` +
      (process.stdin.isTTY ? 'Press Enter for a new link, Ctrl-C to end.\n' : ''),
  );
}

/** Each line of the terminal asks for a new link. */
function offerLinks(browserHost: BrowserHost): void {
  if (!process.stdin.isTTY) return;
  createInterface({ input: process.stdin }).on('line', () => printLink(browserHost));
}

function explain(error: unknown, port: number): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${port} of this machine is in use. Give another with --port.`;
  return error.message;
}
