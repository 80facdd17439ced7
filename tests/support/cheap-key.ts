import type { KeyCost } from '../../src/node/vault/passphrase.ts';

/** The least that a vault's file may ask for. A test of the vault proves the standard cost. */
export const CHEAP_KEY: KeyCost = { memoryKiB: 8_192, passes: 1, lanes: 1 };
