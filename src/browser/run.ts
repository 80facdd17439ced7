import { createInterface } from 'node:readline';
import { AppHost } from '../host/app-host.ts';
import { offeredServer, trustVouchedServer } from '../host/vouched-server.ts';
import type { AppShell } from '../host/app-shell.ts';
import type { PageSource } from '../host/windows/page-source.ts';
import { APP_VERSION } from '../host/version.ts';
import { failed } from '../shared/client-api/failure.ts';
import type { ServerChoice } from '../shared/client-api/host.ts';
import { BrowserHost, type BrowserHostOptions } from './browser-host.ts';
import { BROWSER_HOST_LIMITS } from '../shared/limits.ts';
import { openInBrowser } from './open-browser.ts';
import { readLastPort, rememberPort } from './last-port.ts';
import { browserHostText } from '../shared/text/shell.ts';

export interface BrowserRunOptions {
  readonly dataFolder: string;
  /** @throws Error with a sentence for the user if there is no page */
  readonly page: () => PageSource;
  readonly port: number;
  readonly server: ServerChoice | undefined;
  /** Fingerprint of `server`, if the program that starts the app vouches for it. */
  readonly serverFingerprint: string | undefined;
  /** Open the app in the user's browser. */
  readonly open: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** In a browser the page itself opens links and raises notifications. */
const BROWSER_SHELL: AppShell = {
  kind: 'browser',
  openLink: async () => failed('invalid-command', { detail: 'done-by-page' }),
  notify: () => failed('invalid-command', { detail: 'done-by-page' }),
  setUnread: () => undefined,
  preferences: () => undefined,
};

/**
 * Runs the app for a browser until a signal ends it. Accounts stay signed in for the next start.
 * @returns the exit code: 1 with a sentence on standard error if it cannot start
 */
export async function runBrowserHost(options: BrowserRunOptions): Promise<number> {
  const { dataFolder, page, port } = options;
  const asked = endSignal();
  let host: AppHost | undefined;
  let removePage: () => void = () => undefined;
  try {
    const shown = page();
    host = new AppHost({ dataFolder, version: APP_VERSION, shell: BROWSER_SHELL, ...offeredServer(options) });
    await trustVouchedServer(host);
    const browserHost = await startAt({ host, page: shown, port }, dataFolder);
    const link = browserHost.link();
    printLink(link, options.open);
    if (options.open) removePage = openInBrowser(link, dataFolder, (reason) => printNotOpened(link, reason));
    offerLinks(browserHost);
    await asked;
    await browserHost.close();
    return 0;
  } catch (error) {
    process.stderr.write(`aside: ${explain(error, port)}\n`);
    return 1;
  } finally {
    removePage();
    host?.close();
    // An open standard input would keep the program running.
    process.stdin.pause();
  }
}

/** Without a port option, uses the last port, or a free one if that is in use. */
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
function endSignal(): Promise<void> {
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

/** The link is the last line: the user finds it there after a start that printed much. */
function printLink(link: string, opening: boolean): void {
  const minutes = BROWSER_HOST_LIMITS.linkMs / 60_000;
  const newLink = process.stdin.isTTY ? browserHostText.newLink : '';
  process.stdout.write(newLink + (opening ? browserHostText.opening : browserHostText.ready)(link, minutes));
}

function printNotOpened(link: string, reason: string): void {
  process.stdout.write(browserHostText.notOpened(link, reason));
}

/** Prints a new link for each line of standard input. */
function offerLinks(browserHost: BrowserHost): void {
  if (!process.stdin.isTTY) return;
  createInterface({ input: process.stdin }).on('line', () => printLink(browserHost.link(), false));
}

function explain(error: unknown, port: number): string {
  if (!(error instanceof Error)) return browserHostText.unknownFailure;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return browserHostText.portInUse(port);
  return error.message;
}
