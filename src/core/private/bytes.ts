const encoder = new TextEncoder();

/** A text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Reads base64 (RFC 4648 §4) in its one canonical spelling, so that nothing signed can be written in two ways.
 * @returns undefined for anything else
 */
export function fromBase64(base64: string): Uint8Array | undefined {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return undefined;
  }
  if (btoa(binary) !== base64) return undefined;
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Fields to bytes such that no two lists of fields give the same: each is preceded by its length in bytes, 32 bits,
 * big end first [ASIDE-PEER-3-1]. Texts go in as UTF-8, numbers as their decimal digits.
 */
export function lengthPrefixed(fields: readonly (Uint8Array | string | number)[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const bytes = field instanceof Uint8Array ? field : utf8(String(field));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    parts.push(length, bytes);
  }
  return concatenate(parts);
}

/** Compares without telling by the time it takes where the difference is. The lengths are no secret. */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}
