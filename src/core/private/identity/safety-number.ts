import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { concatenate, fromBase64, utf8 } from '../bytes.ts';
import type { PeerCrypto } from '../private-ports.ts';

const ITERATIONS = 5_200;
const VERSION = new Uint8Array([0, 0]);
const GROUPS = 6;

/** A user with the device identity that the safety number covers. */
export interface IdentifiedUser {
  readonly username: string;
  /** base64 of the SPKI DER. */
  readonly identityKey: string;
}

/**
 * The safety number of two users (F8), as Signal's numeric fingerprint, version 0 [ASIDE-PEER-7-1]: for each side 30
 * digits from SHA-512, iterated 5,200 times, over its identity and folded username. The smaller half is first, so that
 * both sides see the same number. Takes about 20 ms.
 * @returns 60 digits in twelve groups of five, separated by spaces
 */
export function computeSafetyNumber(one: IdentifiedUser, other: IdentifiedUser, crypto: PeerCrypto): string {
  const [first = '', second = ''] = [digitsOf(one, crypto), digitsOf(other, crypto)].sort();
  return (first + second).replace(/(\d{5})(?=\d)/g, '$1 ');
}

function digitsOf({ username, identityKey }: IdentifiedUser, crypto: PeerCrypto): string {
  const key = fromBase64(identityKey) ?? new Uint8Array();
  let hash = concatenate([VERSION, key, utf8(foldUsername(username))]);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) hash = crypto.sha512(concatenate([hash, key]));
  let digits = '';
  for (let group = 0; group < GROUPS; group++) {
    const five = hash.subarray(group * 5, group * 5 + 5);
    const number = five.reduce((sum, byte) => sum * 256 + byte, 0);
    digits += String(number % 100_000).padStart(5, '0');
  }
  return digits;
}
