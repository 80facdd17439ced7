import { closeSync, existsSync, openSync } from 'node:fs';

/** Made before SQLite does, so that it is never readable by others. One that exists is not touched: closing it would drop locks. */
export function makePrivateDatabase(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}
