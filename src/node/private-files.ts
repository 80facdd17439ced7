import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileLock, lockFile } from './file-lock.ts';

/** How long another program may take to make the same file, milliseconds. */
const CREATING_MS = 2_000;

/** Makes a folder, and those above it, that only its owner may enter. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file as a whole, readable by its owner only: after a crash or on a full disk it is the old one or the new one,
 * never half; when this returns, it is the new one for good. Throws when the disk fails.
 */
export function writePrivateFile(file: string, text: string): void {
  writeDraft(file, text, (draft) => renameSync(draft, file));
}

/**
 * Makes a file in the same way, and leaves one that is there alone. Throws when the disk fails.
 * @returns false where there was one, however short ago
 */
export function createPrivateFile(file: string, text: string): boolean {
  return writeDraft(file, text, (draft) => {
    try {
      linkSync(draft, file);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      // A file system without hard links, such as exFAT; each system says that in another way.
      return createAlone(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    return true;
  });
}

/** Where no link can be made: as whole as a file put in place by its name is there, and as alone as the lock keeps it. */
function createAlone(draft: string, file: string): boolean {
  const lock = lockFile(`${file}.lock`, CREATING_MS);
  if (lock === undefined) throw new Error(`Another program is making this file: ${file}`);
  try {
    if (existsSync(file)) return false;
    renameSync(draft, file);
    return true;
  } finally {
    lock.close();
  }
}

/** Takes away what programs have left in a folder that ended while they wrote: it may be readable, and is never used. */
export function removeUnfinishedWrites(folder: string): void {
  for (const name of readdirSync(folder)) {
    const by = /\.(\d+)\.draft$/.exec(name)?.[1];
    if (by !== undefined && !isRunning(Number(by))) rmSync(join(folder, name), { force: true });
  }
}

function isRunning(id: number): boolean {
  try {
    return id !== process.pid && process.kill(id, 0);
  } catch (error) {
    // One of somebody else's runs as well.
    return !hasCode(error, 'ESRCH');
  }
}

/** Waits until a folder's entries are on the disk too: what is written next must not be there without them. */
export function syncFolder(folder: string): void {
  // Windows opens no folders, and keeps the order of such changes in its journal.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some file systems sync files only.
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'EBADF') && !hasCode(error, 'ENOTSUP')) throw error;
  } finally {
    closeSync(handle);
  }
}

/** @returns undefined where there is no such file */
export function readPrivateFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a draft beside a file and lets it be put in place. */
function writeDraft<T>(file: string, text: string, place: (draft: string) => T): T {
  makePrivateFolder(dirname(file));
  const draft = `${file}.${process.pid}.draft`;
  try {
    const handle = openSync(draft, 'w', 0o600);
    try {
      writeAll(handle, Buffer.from(text));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    const placed = place(draft);
    syncFolder(dirname(file));
    return placed;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** A disk that is nearly full takes a part, and refuses only the next write. */
function writeAll(handle: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** How long a write waits for that of another program. */
const WRITE_MS = 2_000;

/**
 * Does what reads a small file and writes it anew, while no other program does so: none of two writes is lost. It is done without
 * the lock where that cannot be had: a program that hangs, or a file system without locks, stops nobody.
 * @param file the file itself; the lock is beside it
 */
export function withFileLock(file: string, work: () => void): void {
  const lock = lockOf(file);
  try {
    work();
  } finally {
    lock?.close();
  }
}

function lockOf(file: string): FileLock | undefined {
  try {
    makePrivateFolder(dirname(file));
    return lockFile(`${file}.lock`, WRITE_MS);
  } catch {
    return undefined;
  }
}
