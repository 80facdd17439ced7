import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Pin, Pins, ServerAddress } from '../core/ports.ts';
import { type StoredText, plainFile, type EncryptedFile, encryptedFile } from './encrypted-file.ts';
import { withFileLock } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher } from './file-cipher.ts';
import { dataFolderText } from '../shared/text/shell.ts';

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

/** The file of known servers. @param cipher of the data folder; undefined: the file is plain */
export function knownServers(dataFolder: string, cipher: FileCipher): EncryptedFile;
export function knownServers(dataFolder: string, cipher: FileCipher | undefined): StoredText;
export function knownServers(dataFolder: string, cipher: FileCipher | undefined): StoredText | EncryptedFile {
  const file = join(dataFolder, FILE);
  if (cipher === undefined) return plainFile(file);
  const { encrypt, decrypt, ...text } = encryptedFile(file, 'known-servers', cipher, merged);
  return { ...text, encrypt: () => withFileLock(file, encrypt), decrypt: () => withFileLock(file, decrypt) };
}

/** Adds servers from the plain file, written by a program that runs since before the passphrase; encrypted pins win. */
function merged(encrypted: string, plain: string): string {
  try {
    const [before, after] = [storedPins.parse(JSON.parse(plain)), storedPins.parse(JSON.parse(encrypted))];
    const unknown = { ...before.unknown, ...after.unknown };
    return textOf({ pins: { ...before.pins, ...after.pins }, unknown });
  } catch {
    return encrypted;
  }
}

/** Trusted certificates, in one file for all accounts of a data folder (G1). */
export class PinsFile implements Pins {
  #known: StoredPins['pins'];

  /** @throws ProfileError if the file is damaged: without it, the client would trust any certificate on first use */
  constructor(private readonly kept: StoredText) {
    this.#known = this.#load().pins;
  }

  read(server: ServerAddress): Pin | undefined {
    try {
      // Another client may have added pins. If it has set a passphrase meanwhile, the file is encrypted and this process
      // cannot read it any more: pins read before stay, so that the server does not count as new.
      this.#known = { ...this.#known, ...this.#load().pins };
    } catch {
      // The file was damaged meanwhile: pins read before stay valid.
    }
    const pin = this.#known[keyOf(server)];
    return pin === undefined ? undefined : { fingerprint: pin.fingerprint, certificate: pin.certificate };
  }

  write(server: ServerAddress, pin: Pin): void {
    // The lock belongs to the plain file's name in both cases: another program may set a passphrase meanwhile.
    withFileLock(join(dirname(this.kept.file), FILE), () => {
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
      throw new ProfileError(dataFolderText.serversDamaged(this.kept.file));
    }
  }
}

function textOf({ pins, unknown }: StoredPins): string {
  return `${JSON.stringify({ ...unknown, ...pins }, undefined, 2)}\n`;
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
