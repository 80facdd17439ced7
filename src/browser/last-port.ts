import { join } from 'node:path';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';

/** Unknown members of the file stay when it is written. */
const storedFile = z.looseObject({ port: z.int().min(1).max(65_535).optional() });
const fileOf = (dataFolder: string): string => join(dataFolder, 'browser.json');

/** @returns the port that the app used last; 0 if that is unknown */
export function readLastPort(dataFolder: string): number {
  return load(dataFolder).port ?? 0;
}

/**
 * Stores the port. Browsers bind permissions, such as notifications, to address and port (G5): with the same port, they do
 * not ask again. If the disk fails, only that is lost.
 */
export function rememberPort(dataFolder: string, port: number): void {
  if (port === readLastPort(dataFolder)) return;
  try {
    writePrivateFile(fileOf(dataFolder), `${JSON.stringify({ ...load(dataFolder), port })}\n`);
  } catch {
    // The app uses another port next time.
  }
}

function load(dataFolder: string): z.infer<typeof storedFile> {
  try {
    return storedFile.parse(JSON.parse(readPrivateFile(fileOf(dataFolder)) ?? ''));
  } catch {
    return {};
  }
}
