import { rmSync } from 'node:fs';
import type { Secrets } from '../core/ports.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';

/** Stores the sign-in token in a file that only its owner can read; used if the system has no secret store. */
export class SecretsFile implements Secrets {
  constructor(private readonly file: string) {}

  readToken(): string | undefined {
    return readPrivateFile(this.file)?.trim();
  }

  writeToken(token: string | undefined): void {
    if (token === undefined) rmSync(this.file, { force: true });
    else writePrivateFile(this.file, `${token}\n`);
  }
}
