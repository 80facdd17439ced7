import { randomBytes } from 'node:crypto';
import type { Random } from '../core/ports.ts';

/** Cryptographic randomness of the operating system. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
