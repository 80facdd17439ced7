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
import { STORAGE_LIMITS } from '../shared/limits.ts';

/** Creates a folder and its parents, accessible to their owner only. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Replaces a file atomically, readable for its owner only. After a crash or on a full disk the file has its old or its new
 * content; when this returns, the new content is synced to the disk. Throws if the disk fails.
 */
export function writePrivateFile(file: string, text: string): void {
  writeDraft(file, text, (draft) => renameSync(draft, file));
}

/**
 * Creates a file in the same way, and never replaces one. Throws if the disk fails.
 * @returns false if the file exists, even if another program has just created it
 */
export function createPrivateFile(file: string, text: string): boolean {
  return writeDraft(file, text, (draft) => {
    try {
      linkSync(draft, file);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      // The file system may have no hard links, as exFAT; the error for that differs between systems.
      return createAlone(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    return true;
  });
}

/** Creates a file without a hard link: the rename is atomic, and a lock keeps other programs away. */
function createAlone(draft: string, file: string): boolean {
  const lock = lockFile(`${file}.lock`, STORAGE_LIMITS.fileLockMs);
  if (lock === undefined) throw new Error(`Another program is making this file: ${file}`);
  try {
    if (existsSync(file)) return false;
    renameSync(draft, file);
    return true;
  } finally {
    lock.close();
  }
}

/** Removes unfinished files of programs that died while writing: they are never used, and may not be encrypted. */
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
    // A process of another user (EPERM) runs as well.
    return !hasCode(error, 'ESRCH');
  }
}

/** Syncs the entries of a folder to the disk, so that later writes never survive a crash without them. */
export function syncFolder(folder: string): void {
  // Windows cannot open folders; its journal keeps the order of such changes.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some file systems can only sync files.
    if (!hasCode(error, 'EINVAL') && !hasCode(error, 'EBADF') && !hasCode(error, 'ENOTSUP')) throw error;
  } finally {
    closeSync(handle);
  }
}

/** @returns undefined if there is no such file */
export function readPrivateFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a temporary file next to the target, then lets `place` put it there. */
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

/** Repeats partial writes: a nearly full disk takes a part, and only the next write fails. */
function writeAll(handle: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * Runs a read-modify-write of a small file under a lock, so that no write of another program is lost. Runs it without the
 * lock if the lock is not available: a hanging program, or a file system without locks, must not block the client.
 * @param file the file itself; the lock is next to it
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
    return lockFile(`${file}.lock`, STORAGE_LIMITS.fileLockMs);
  } catch {
    return undefined;
  }
}
