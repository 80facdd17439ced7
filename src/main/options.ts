import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServerChoice } from '../shared/client-api/host.ts';
import { readServer } from '../host/read-server.ts';

/** Options of the desktop app; folders are absolute. */
export interface MainOptions {
  readonly dataFolder: string | undefined;
  readonly uiFolder: string | undefined;
  readonly server: ServerChoice | undefined;
  /** Fingerprint of `server`, if the program that starts the app vouches for it. */
  readonly serverFingerprint: string | undefined;
  readonly hidden: boolean;
}

/**
 * Reads the app's own options of a command line, and ignores all others: Chromium reads the same command line.
 * @param args without the name of the program
 * @param packaged `--ui` is ignored: the packaged app shows its own user interface only (G10)
 */
export function readOptions(args: readonly string[], packaged: boolean): MainOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      ui: { type: 'string' },
      server: { type: 'string' },
      'server-fingerprint': { type: 'string' },
      hidden: { type: 'boolean' },
    },
    allowPositionals: true,
    strict: false,
  });
  const text = (value: string | boolean | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
  const folder = (value: string | boolean | undefined) => {
    const path = text(value);
    return path === undefined ? undefined : resolve(path);
  };
  const server = readServer(text(values.server) ?? '', false);
  return {
    dataFolder: folder(values.data),
    uiFolder: packaged ? undefined : folder(values.ui),
    server: typeof server === 'string' ? undefined : server,
    serverFingerprint: text(values['server-fingerprint']),
    hidden: values.hidden === true,
  };
}
