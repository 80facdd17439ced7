import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { type Device, device } from '../shared/protocol/ids.ts';
import { LIMITS } from '../shared/limits.ts';
import type { StoredText } from './encrypted-file.ts';
import { ProfileError } from './profile-error.ts';
import { dataFolderText } from '../shared/text/shell.ts';

/** This file is written once, and read by every later version: members that this version does not know are ignored. */
const identityFile = z.object({
  device: z.object({ ...device.shape, name: device.shape.name.default(computerName) }),
  privateKey: z.string(),
});

/** Identity of this client for servers and peers: its description and the private half of its identity key. */
export interface StoredDevice {
  readonly device: Device;
  /** PKCS #8 in PEM; never leaves this computer. */
  readonly privateKey: string;
}

/**
 * Reads the identity of this client; creates it at the first start: a UUID and a P-256 key pair.
 * @throws ProfileError if the file is damaged: every peer would have to trust a new identity again
 */
export function openStoredDevice(kept: StoredText): StoredDevice {
  const text = kept.read();
  if (text === undefined) {
    const made = makeIdentity();
    kept.write(`${JSON.stringify(made, undefined, 2)}\n`);
    return made;
  }
  try {
    return identityFile.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(dataFolderText.identityDamaged(kept.file));
  }
}

function makeIdentity(): StoredDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    device: { id: randomUUID(), name: computerName(), identityKey: publicKey.toString('base64') },
    privateKey,
  };
}

function computerName(): string {
  const name = Array.from(hostname().toWellFormed()).slice(0, LIMITS.deviceNameCharacters).join('');
  return name === '' ? 'computer' : name;
}

/** Fingerprint of a device identity: SHA-256 of its public key (SPKI DER), upper-case hex with colons. */
export function identityFingerprint({ identityKey }: Pick<Device, 'identityKey'>): string {
  const hash = createHash('sha256').update(identityKey, 'base64').digest('hex').toUpperCase();
  return hash.replace(/(..)(?=.)/g, '$1:');
}
