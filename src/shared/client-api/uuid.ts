/** A source of unpredictable bytes. */
export interface RandomBytes {
  bytes(length: number): Uint8Array;
}

/**
 * A UUID of version 7 (RFC 9562 §5.7): sorts by its time.
 * @param now milliseconds since 1970 UTC
 */
export function uuidV7(now: number, random: RandomBytes): string {
  const bytes = random.bytes(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  view.setUint32(0, Math.floor(now / 0x1_0000));
  view.setUint16(4, now % 0x1_0000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
