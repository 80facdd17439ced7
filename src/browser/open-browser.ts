import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makePrivateFolder, writePrivateFile } from '../node/private-files.ts';
import { BROWSER_HOST_LIMITS } from '../shared/limits.ts';

/** Program of a system that opens a file in the browser, with its arguments. */
export function browserCommand(platform: NodeJS.Platform, file: string): readonly [string, readonly string[]] {
  if (platform === 'darwin') return ['open', [file]];
  if (platform === 'win32') return ['rundll32.exe', ['url.dll,FileProtocolHandler', file]];
  return ['xdg-open', [pathToFileURL(file).href]];
}

/**
 * Opens a link with a key in the user's browser. Other users of this computer can read command lines, so the command names
 * a private page that leads to the link.
 * @param failed called with a reason if no browser opens
 * @returns removes the page
 */
export function openInBrowser(
  link: string,
  folder: string,
  failed: (reason: string) => void,
  command = browserCommand,
): () => void {
  const file = join(folder, `open-${process.pid}.html`);
  const remove = () => rmSync(file, { force: true });
  try {
    makePrivateFolder(folder);
    writePrivateFile(file, leadingTo(link));
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return remove;
  }
  const [program, args] = command(process.platform, file);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.once('error', (error) => failed(error.message));
  child.once('exit', (code) => {
    if (code !== 0 && code !== null) failed(`${program}: ${code}`);
  });
  child.unref();
  setTimeout(remove, BROWSER_HOST_LIMITS.openMs).unref();
  return remove;
}

/** @param link has no characters that HTML escapes */
function leadingTo(link: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${link}"><title>Aside</title><a href="${link}">Aside</a>`;
}
