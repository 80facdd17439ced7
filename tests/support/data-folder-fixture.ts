import { cpSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURE = fileURLToPath(new URL('../fixtures/data-folder-0.1.0/', import.meta.url));
/** The port of the server when the fixture was written. */
const PORT = 12_000;

/** @returns a copy of a data folder that version 0.1.0 has written; the test removes it */
export function copyOfDataFolder(part: 'client' | 'client-passphrase' | 'server'): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-data-0.1.0-'));
  cpSync(join(FIXTURE, part), folder, { recursive: true });
  return folder;
}

/** Gives the copy of an unencrypted client folder the port of the server in this test run. */
export function moveServerTo(folder: string, port: number): void {
  renameSync(join(folder, `127.0.0.1_${PORT}`), join(folder, `127.0.0.1_${port}`));
  for (const name of ['app.json', 'known-servers.json']) {
    const text = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), text.replaceAll(`:${PORT}`, `:${port}`).replaceAll(`: ${PORT}`, `: ${port}`));
  }
}
