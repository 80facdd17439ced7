import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenCrypto } from './domain/tokens.ts';

/** Cryptography of tokens with Node's crypto module. */
export const nodeCrypto: TokenCrypto = {
  randomBytes: (count) => randomBytes(count),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  toBase64Url: (bytes) => Buffer.from(bytes).toString('base64url'),
  fromBase64Url: (text) => (/^[A-Za-z0-9_-]+$/.test(text) ? Buffer.from(text, 'base64url') : undefined),
};
