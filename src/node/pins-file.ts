import { z } from 'zod';
import type { Pin, Pins, ServerAddress } from '../core/ports.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { ProfileError } from './profile-error.ts';

const known = z.record(z.string(), z.object({ fingerprint: z.string(), certificate: z.string() }));

/** The certificates trusted so far, in one file for all accounts of a data folder (G1). */
export class PinsFile implements Pins {
  #known: Readonly<Record<string, Pin>>;

  /** @throws ProfileError when the file is damaged: forgetting it silently would trust anybody anew */
  constructor(private readonly file: string) {
    this.#known = this.#load();
  }

  read(server: ServerAddress): Pin | undefined {
    try {
      // Another client of the same person may have added one.
      this.#known = this.#load();
    } catch {
      // Damaged meanwhile: what was read before still holds.
    }
    return this.#known[keyOf(server)];
  }

  write(server: ServerAddress, pin: Pin): void {
    writePrivateFile(this.file, `${JSON.stringify({ ...this.#load(), [keyOf(server)]: pin }, undefined, 2)}\n`);
  }

  #load(): Record<string, Pin> {
    const text = readPrivateFile(this.file);
    if (text === undefined) return {};
    try {
      return known.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(
        `The file of known servers is damaged: ${this.file}. Restore it, or delete it and compare the server's fingerprint anew.`,
      );
    }
  }
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
