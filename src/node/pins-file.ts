import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Pin, Pins, ServerAddress } from '../core/ports.ts';
import { type KeptText, plainText, type SealedText, sealedText } from './kept-text.ts';
import { underLock } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { Seal } from './seal.ts';

const FILE = 'known-servers.json';

const known = z.record(z.string(), z.object({ fingerprint: z.string(), certificate: z.string() }));

/** Where they are kept. @param seal of the data folder; undefined: they are readable */
export function knownServers(dataFolder: string, seal: Seal): SealedText;
export function knownServers(dataFolder: string, seal: Seal | undefined): KeptText;
export function knownServers(dataFolder: string, seal: Seal | undefined): KeptText | SealedText {
  const file = join(dataFolder, FILE);
  if (seal === undefined) return plainText(file);
  const { takeOver, release, ...text } = sealedText(file, 'known-servers', seal, merged);
  return { ...text, takeOver: () => underLock(file, takeOver), release: () => underLock(file, release) };
}

/** With what a program has added that ran before there was a passphrase; it changes nothing that is sealed. */
function merged(sealed: string, plain: string): string {
  try {
    const both = { ...known.parse(JSON.parse(plain)), ...known.parse(JSON.parse(sealed)) };
    return `${JSON.stringify(both, undefined, 2)}\n`;
  } catch {
    return sealed;
  }
}

/** The certificates trusted so far, in one file for all accounts of a data folder (G1). */
export class PinsFile implements Pins {
  #known: Readonly<Record<string, Pin>>;

  /** @throws ProfileError when the file is damaged: forgetting it silently would trust anybody anew */
  constructor(private readonly kept: KeptText) {
    this.#known = this.#load();
  }

  read(server: ServerAddress): Pin | undefined {
    try {
      // Another client of the same person may have added one. One that has set a passphrase has sealed all of them, out of
      // reach of a program that runs since before: it must not meet its server as if for the first time.
      this.#known = { ...this.#known, ...this.#load() };
    } catch {
      // Damaged meanwhile: what was read before still holds.
    }
    return this.#known[keyOf(server)];
  }

  write(server: ServerAddress, pin: Pin): void {
    // Sealed or not, it is the same lock: a passphrase may be set meanwhile.
    underLock(join(dirname(this.kept.file), FILE), () => {
      this.kept.write(`${JSON.stringify({ ...this.#load(), [keyOf(server)]: pin }, undefined, 2)}\n`);
    });
  }

  #load(): Record<string, Pin> {
    const text = this.kept.read();
    if (text === undefined) return {};
    try {
      return known.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(
        `The file of known servers is damaged: ${this.kept.file}. Restore it, or delete it and compare the server's fingerprint anew.`,
      );
    }
  }
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
