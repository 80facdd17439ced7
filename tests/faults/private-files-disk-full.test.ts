import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';

/** Size limit of a file that the process writes, in blocks of 512 bytes as POSIX counts. */
const BLOCKS = 8;
const LIMIT = BLOCKS * 512;

let program: Bundle;
let folder: string;
let file: string;
beforeAll(async () => {
  program = await bundleProgram(new URL('../support/private-file-child.ts', import.meta.url));
});
afterAll(() => program.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-disk-full-'));
  file = join(folder, 'app.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Writes where the system takes the first `LIMIT` bytes and no more: as on a disk that is nearly full, the write that comes to the
 * limit succeeds in part, and only the next one fails.
 */
function writeLimited(how: 'replace' | 'create', bytes: number): string {
  const limited = `ulimit -f ${BLOCKS}; exec "$0" "$@"`;
  const args = [process.execPath, program.file, how, file, String(bytes)];
  return execFileSync('sh', ['-c', limited, ...args], { encoding: 'utf8' });
}

describe('Private file on a disk with room for a part of it (D3, G7)', () => {
  it.each([LIMIT + 1, 4 * LIMIT])('keeps its content, and no other file is left (%i bytes)', (bytes) => {
    const before = 'o'.repeat(3 * LIMIT);
    writeFileSync(file, before);
    expect(writeLimited('replace', bytes)).toBe('EFBIG');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['app.json']);
  });

  it('is not created', () => {
    expect(writeLimited('create', 2 * LIMIT)).toBe('EFBIG');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is written completely if it just fits', () => {
    expect(writeLimited('replace', LIMIT)).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe('n'.repeat(LIMIT));
  });
});
