import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { browserCommand, openInBrowser } from '../../../src/browser/open-browser.ts';

const LINK = 'http://127.0.0.1:1/?key=secret';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'aside-open-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return join(made, 'data');
}

describe('Browser of the user', () => {
  it('gets a private page that leads to the link; the command line has no key', async () => {
    const failed = vi.fn<(reason: string) => void>();
    const data = folder();
    let given = '';
    const remove = openInBrowser(LINK, data, failed, (_platform, file) => {
      given = file;
      return [process.execPath, ['-e', '', file]];
    });
    expect(given).not.toContain('key');
    expect(readFileSync(given, 'utf8')).toContain(`content="0; url=${LINK}"`);
    if (process.platform !== 'win32') expect(statSync(given).mode & 0o077).toBe(0);
    remove();
    expect(existsSync(given)).toBe(false);
    expect(readdirSync(data)).toEqual([]);
    expect(failed).not.toHaveBeenCalled();
  });

  it.each([
    ['is missing', 'aside-no-such-program', 'ENOENT'],
    ['fails', process.execPath, ': 3'],
  ])('is reported if its program %s', async (_what, program, reason) => {
    const failed = vi.fn<(reason: string) => void>();
    const remove = openInBrowser(LINK, folder(), failed, () => [program, ['-e', 'process.exit(3)']]);
    onTestFinished(remove);
    await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(expect.stringContaining(reason)), { timeout: 5_000 });
  });

  it('is opened by the program of the system', () => {
    expect(browserCommand('linux', '/a b/open.html')).toEqual(['xdg-open', ['file:///a%20b/open.html']]);
    expect(browserCommand('darwin', '/a b/open.html')).toEqual(['open', ['/a b/open.html']]);
    expect(browserCommand('win32', 'C:\\a\\open.html')[1]).toEqual(['url.dll,FileProtocolHandler', 'C:\\a\\open.html']);
  });
});
