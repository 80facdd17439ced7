import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { browserHostText } from '../../shared/text/shell.ts';
import { HOST_LIMITS } from '../../shared/limits.ts';

/** One file of the built user interface. */
export interface UiFile {
  readonly body: Buffer;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Reads the built user interface into memory: a request can name these files only, and a build meanwhile cannot mix two
 * versions. Skips other file types, such as source maps.
 * @returns files by path, such as `/assets/index.js`; `/` is `/index.html`
 * @throws Error with a sentence for users
 */
export function readUiFiles(folder: string): ReadonlyMap<string, UiFile> {
  const files = new Map<string, UiFile>();
  let bytes = 0;
  for (const name of entriesOf(folder)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, name));
    bytes += body.length;
    if (files.size >= HOST_LIMITS.uiFiles || bytes > HOST_LIMITS.uiBytes)
      throw new Error(browserHostText.wrongFolder(folder));
    files.set(`/${name.replaceAll('\\', '/')}`, { body, type });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(browserHostText.notBuilt(folder));
  return files.set('/', index);
}

function entriesOf(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length));
  } catch {
    throw new Error(browserHostText.notBuilt(folder));
  }
}

/**
 * Content security policy of the app's pages (CSP 3): own files only, no inline code, no eval, no frame around the page, and
 * no string becomes code or markup (Trusted Types).
 * @param connect allowed targets of connections
 */
function contentSecurityPolicy(connect: "'self'" | "'none'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${connect}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Headers of every response to a page of the app. */
export function uiHeaders(connect: "'self'" | "'none'"): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connect),
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}
