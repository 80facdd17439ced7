import type { KeyCost } from '../../src/node/vault/passphrase.ts';

/** Lowest cost that a vault's file may have. A test of the vault proves the standard cost. */
export const CHEAP_KEY: KeyCost = { memoryKiB: 8_192, passes: 1, lanes: 1 };
