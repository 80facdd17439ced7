import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

/** Paths of browsers; the first that exists is used. The one without a user interface behaves the same and is faster. */
const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const NONE = 'none';
/** `ASIDE_BROWSER` names another one; `none` skips the tests that need one. */
const BROWSER_PATH =
  process.env.ASIDE_BROWSER === NONE
    ? undefined
    : (process.env.ASIDE_BROWSER ?? CANDIDATES.find((path) => existsSync(path)));

/** Tests that need a browser. Without one they are skipped by name, which CI refuses. */
export function describeInBrowser(name: string, tests: () => void, isThere = BROWSER_PATH !== undefined): void {
  if (isThere) describe(name, tests);
  else describe.skip(`${name} (skipped: no Chromium)`, tests);
}

/** A real browser that never prompts. Close it with `close()`. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(BROWSER_PATH === undefined ? {} : { executablePath: BROWSER_PATH }),
    // As root, which containers often are, Chromium's own sandbox does not start.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-domain-reliability',
      '--disable-sync',
      '--metrics-recording-only',
      '--no-first-run',
      '--no-pings',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Serves a folder on a free loopback port with the headers of the app's own hosts. */
export async function serveFolder(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    const file = join(folder, path === '/' ? 'index.html' : path);
    stat(file).then(
      (found) => {
        if (!found.isFile()) throw new Error('no file');
        response.writeHead(200, { ...headers, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
        createReadStream(file).pipe(response);
      },
      () => response.writeHead(404, headers).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
