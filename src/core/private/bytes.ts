const encoder = new TextEncoder();

/** Encodes a text in UTF-8. */
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
 * Decodes base64 (RFC 4648 §4) in its canonical spelling only, so that each signed value has one spelling.
 * @returns undefined for any other text
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
 * Encodes fields so that two different lists never give the same bytes: each field follows its length in bytes, 32 bits,
 * big-endian [ASIDE-PEER-3-1]. Texts are UTF-8, numbers are decimal digits.
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

/** Compares in a time that does not depend on the first difference. The lengths are not secret. */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}
