import { join } from 'node:path';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';

const kept = z.object({ port: z.int().min(1).max(65_535) });
const fileOf = (dataFolder: string): string => join(dataFolder, 'browser.json');

/** @returns the port that the app had last time; 0 where that is not known */
export function readLastPort(dataFolder: string): number {
  try {
    return kept.parse(JSON.parse(readPrivateFile(fileOf(dataFolder)) ?? '')).port;
  } catch {
    return 0;
  }
}

/**
 * What a browser allows it allows to an address with its port: with the same port nothing is asked for anew, such as
 * notifications (G5). A disk that fails costs that, nothing else.
 */
export function rememberPort(dataFolder: string, port: number): void {
  if (port === readLastPort(dataFolder)) return;
  try {
    writePrivateFile(fileOf(dataFolder), `${JSON.stringify({ port })}\n`);
  } catch {
    // Another one next time.
  }
}
