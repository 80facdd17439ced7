import { dirname, join } from 'node:path';
import { z } from 'zod';
import { mayBeSameServer } from '../core/connection/recognize-server.ts';
import type { Pin, Pins, ServerAddress } from '../core/ports.ts';
import { type StoredText, plainFile, type EncryptedFile, encryptedFile } from './encrypted-file.ts';
import { withFileLock } from './private-files.ts';
import { ProfileError } from './profile-error.ts';
import type { FileCipher } from './file-cipher.ts';
import { dataFolderText } from '../shared/text/shell.ts';

const FILE = 'known-servers.json';

/** A pin without its certificate or fingerprint is unreadable, and then no server is trusted by it. Unknown members stay. */
const storedPin = z.looseObject({
  fingerprint: z.string().default(''),
  certificate: z.string().default(''),
  /** The server's id under this certificate (B8); a file of an older version has none. */
  id: z.string().optional().catch(undefined),
  /** Id of the server whose certificate the user has replaced at this address; empty if it was not known. */
  replacedId: z.string().optional().catch(undefined),
});
type StoredPin = z.infer<typeof storedPin>;
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
    return pin === undefined ? undefined : pinOf(pin);
  }

  withCertificate(pin: Pin): readonly Pin[] {
    return Object.values(this.#known)
      .filter((one) => hasCertificate(one, pin))
      .map(pinOf);
  }

  /**
   * Other addresses of the server at `server`: those pinned with its certificate, unless the server there has another id
   * (B8). An address whose id is unknown belongs to the server, which has proven the certificate; an address that was
   * another server's before does not, because the messages of that server are kept under it.
   */
  addressesOf(server: ServerAddress): readonly ServerAddress[] {
    const pin = this.read(server);
    const own = this.#known[keyOf(server)];
    if (pin === undefined || own === undefined || wasAnotherServer(own)) return [];
    return Object.entries(this.#known).flatMap(([key, one]) => {
      const isSame =
        key !== keyOf(server) && hasCertificate(one, pin) && mayBeSameServer(pinOf(one), pin) && !wasAnotherServer(one);
      return isSame ? [addressOf(key)] : [];
    });
  }

  write(server: ServerAddress, pin: Pin): void {
    // The lock belongs to the plain file's name in both cases: another program may set a passphrase meanwhile.
    withFileLock(join(dirname(this.kept.file), FILE), () => {
      const { pins, unknown } = this.#load();
      const key = keyOf(server);
      const before = pins[key];
      const { id: _id, ...kept } = before ?? {};
      const replaced = before === undefined || hasCertificate(before, pin) ? {} : { replacedId: before.id ?? '' };
      this.kept.write(textOf({ pins: { ...pins, [key]: { ...kept, ...replaced, ...pin } }, unknown }));
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

function pinOf({ fingerprint, certificate, id }: StoredPin): Pin {
  return { fingerprint, certificate, ...(id === undefined ? {} : { id }) };
}

function wasAnotherServer({ id, replacedId }: StoredPin): boolean {
  return replacedId !== undefined && replacedId !== id;
}

function hasCertificate(one: StoredPin, other: Pin): boolean {
  return one.certificate !== '' && one.certificate === other.certificate && one.fingerprint === other.fingerprint;
}

function addressOf(key: string): ServerAddress {
  const colon = key.lastIndexOf(':');
  return { host: key.slice(0, colon), port: Number(key.slice(colon + 1)) };
}

function keyOf({ host, port }: ServerAddress): string {
  return `${host.toLowerCase()}:${port}`;
}
