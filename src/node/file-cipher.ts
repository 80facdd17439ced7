/** Encrypts what is kept in one place, with a key that does not lie beside it. */
export interface FileCipher {
  /** How the names of files end that it has sealed. */
  readonly ending: 'sealed' | 'vault';
  encrypt(purpose: EncryptionPurpose, text: string): string;
  /** @returns undefined where it was not sealed with this key, for this purpose and place */
  decrypt(purpose: EncryptionPurpose, sealed: string): string | undefined;
}

/**
 * What is kept sealed. Of a profile: the sign-in token (G1), the key of the history (G8), this device's identity, whom the
 * person has verified (F8), and who may learn the address (F2). Of the data folder: known certificates (G1), accounts and drafts.
 */
export type EncryptionPurpose =
  | 'token'
  | 'history-key'
  | 'identity'
  | 'identities'
  | 'address-rules'
  | 'known-servers'
  | 'app'
  /** Never on the disk: while the app is locked, in its memory (F7). */
  | 'aside-drafts';
