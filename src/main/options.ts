import { parseArgs } from 'node:util';
import type { ServerChoice } from '../shared/client-api/host.ts';
import { readServer } from '../host/read-server.ts';

/** How the desktop app was asked to run. */
export interface MainOptions {
  readonly dataFolder: string | undefined;
  readonly uiFolder: string | undefined;
  readonly server: ServerChoice | undefined;
  readonly hidden: boolean;
}

/**
 * Reads what concerns us of a command line that Chromium reads too; everything else is left alone.
 * @param args without the name of the program
 */
export function readOptions(args: readonly string[]): MainOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      ui: { type: 'string' },
      server: { type: 'string' },
      hidden: { type: 'boolean' },
    },
    allowPositionals: true,
    strict: false,
  });
  const text = (value: string | boolean | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
  const server = readServer(text(values.server) ?? '', false);
  return {
    dataFolder: text(values.data),
    uiFolder: text(values.ui),
    server: typeof server === 'string' ? undefined : server,
    hidden: values.hidden === true,
  };
}
