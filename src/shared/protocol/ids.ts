import { z } from 'zod';
import { CLIENT_LIMITS, LIMITS } from '../limits.ts';
import { fitsCharacters } from './text.ts';
import { LATEST_TIME } from './time.ts';

/** Valid Unicode. JSON escapes can contain lone surrogates, which have no UTF-8 form and are refused everywhere. */
export const unicode = z.string().refine((text) => text.isWellFormed());

/** Valid Unicode of at most `limit` characters (code points). */
export function unicodeUpTo(limit: number) {
  return unicode.refine((text) => fitsCharacters(text, limit));
}

/** A UUID in its text form (RFC 9562); version 7 preferred, any accepted. */
export const uuid = z.guid();

/** A non-negative integer that every JSON parser reads exactly. */
export const count = z.int().nonnegative();

/** Milliseconds since 1970 UTC, through the year 9999 (G11). */
export const timestamp = count.max(LATEST_TIME);

/** A wait that the server asks for, in milliseconds. A longer one than any timer can last is shortened (G11). */
export const wait = count.transform((milliseconds) => Math.min(milliseconds, CLIENT_LIMITS.waitMaxMs));

/** A username as typed. The server's domain decides whether it is valid and exists. */
export const username = unicodeUpTo(1_024);

/** A password as typed. The server's domain has its rules (B1); the line limit bounds it. */
export const password = unicode.max(LIMITS.lineBytesBeforeSignIn);

/** The DER header of a P-256 public key in SPKI form, in base64 (RFC 5480); 65 bytes of point follow. */
const P256_SPKI_PREFIX = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQg';

/** base64 (RFC 4648 §4, padded) of the SPKI DER of an uncompressed P-256 public key: 91 bytes, 124 characters. */
export const identityKey = z
  .string()
  .length(124)
  .regex(/^[A-Za-z0-9+/]{122}==$/)
  .startsWith(P256_SPKI_PREFIX);

/** The client's description of its device. */
export const device = z.strictObject({
  id: uuid,
  name: unicodeUpTo(LIMITS.deviceNameCharacters).min(1),
  identityKey,
});
export type Device = z.infer<typeof device>;
