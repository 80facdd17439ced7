import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Pin, Pins, ServerAddress } from '../core/ports.ts';
import { type KeptText, plainText, type SealedText, sealedText } from './kept-text.ts';
import { underLock } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { Seal } from './seal.ts';

const FILE = 'known-servers.json';

/** A pin without its certificate or fingerprint is unreadable, and then no server is trusted by it. Unknown members stay. */
const storedPin = z.looseObject({ fingerprint: z.string().default(''), certificate: z.string().default('') });
const storedPins = z.record(z.string(), z.unknown()).transform((members) => {
  const servers = Object.keys(members).filter((name) => /:\d+$/.test(name));
  // A damaged pin is an error: without it the client would meet its server as if for the first time.
  const pins = z.record(z.string(), storedPin).parse(Object.fromEntries(servers.map((name) => [name, members[name]])));
  return { pins, unknown: Object.fromEntries(Object.entries(members).filter(([name]) => !servers.includes(name))) };
});
type StoredPins = z.infer<typeof storedPins>;

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
    const [before, after] = [storedPins.parse(JSON.parse(plain)), storedPins.parse(JSON.parse(sealed))];
    const unknown = { ...before.unknown, ...after.unknown };
    return textOf({ pins: { ...before.pins, ...after.pins }, unknown });
  } catch {
    return sealed;
  }
}

/** The certificates trusted so far, in one file for all accounts of a data folder (G1). */
export class PinsFile implements Pins {
  #known: StoredPins['pins'];

  /** @throws ProfileError when the file is damaged: forgetting it silently would trust anybody anew */
  constructor(private readonly kept: KeptText) {
    this.#known = this.#load().pins;
  }

  read(server: ServerAddress): Pin | undefined {
    try {
      // Another client of the same person may have added one. One that has set a passphrase has sealed all of them, out of
      // reach of a program that runs since before: it must not meet its server as if for the first time.
      this.#known = { ...this.#known, ...this.#load().pins };
    } catch {
      // Damaged meanwhile: what was read before still holds.
    }
    const pin = this.#known[keyOf(server)];
    return pin === undefined ? undefined : { fingerprint: pin.fingerprint, certificate: pin.certificate };
  }

  write(server: ServerAddress, pin: Pin): void {
    // Sealed or not, it is the same lock: a passphrase may be set meanwhile.
    underLock(join(dirname(this.kept.file), FILE), () => {
      const { pins, unknown } = this.#load();
      const key = keyOf(server);
      this.kept.write(textOf({ pins: { ...pins, [key]: { ...pins[key], ...pin } }, unknown }));
    });
  }

  #load(): StoredPins {
    const text = this.kept.read();
    if (text === undefined) return { pins: {}, unknown: {} };
    try {
      return storedPins.parse(JSON.parse(text));
    } catch {
      throw new ProfileError(
        `The file of known servers is damaged: ${this.kept.file}. Restore it, or delete it and compare the server's fingerprint anew.`,
      );
    }
  }
}

function textOf({ pins, unknown }: StoredPins): string {
  return `${JSON.stringify({ ...unknown, ...pins }, undefined, 2)}\n`;
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
