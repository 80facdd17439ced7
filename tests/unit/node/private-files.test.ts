import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPrivateFile, writePrivateFile } from '../../../src/node/private-files.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-private-files-'));
  file = join(folder, 'app.json');
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true, force: true });
});

/** Records syncs and renames from now on, in order. */
function steps(): string[] {
  const seen: string[] = [];
  const { openSync, fsyncSync, renameSync, linkSync } = fs;
  const opened = new Map<number, string>();
  vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    const handle = openSync(path, ...rest);
    opened.set(handle, path === folder ? 'folder' : 'draft');
    return handle;
  });
  vi.spyOn(fs, 'fsyncSync').mockImplementation((handle) => {
    seen.push(`sync ${opened.get(handle)}`);
    fsyncSync(handle);
  });
  for (const [name, original] of [
    ['renameSync', renameSync],
    ['linkSync', linkSync],
  ] as const) {
    vi.spyOn(fs, name).mockImplementation((from, to) => {
      seen.push('put in place');
      original(from, to);
    });
  }
  syncBuiltinESMExports();
  return seen;
}

it.each([writePrivateFile, createPrivateFile])('%o has synced file and folder when it returns (D3)', (write) => {
  const seen = steps();
  write(file, 'Grüße, 👋');
  expect(readFileSync(file, 'utf8')).toBe('Grüße, 👋');
  expect(seen).toEqual(['sync draft', 'put in place', 'sync folder']);
});

it('writePrivateFile works on a file system that cannot sync folders', () => {
  const { fsyncSync } = fs;
  let synced = 0;
  vi.spyOn(fs, 'fsyncSync').mockImplementation((handle) => {
    if (++synced === 2) throw Object.assign(new Error('EINVAL: invalid argument, fsync'), { code: 'EINVAL' });
    fsyncSync(handle);
  });
  syncBuiltinESMExports();
  writeFileSync(file, 'old');
  writePrivateFile(file, 'new');
  expect(synced).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe('new');
});
