/** Encrypts the texts of one folder with a key that is not stored in it. */
export interface FileCipher {
  /** File extension of encrypted files. */
  readonly ending: 'sealed' | 'vault';
  encrypt(purpose: EncryptionPurpose, text: string): string;
  /** @returns undefined if the text was encrypted with another key, or for another purpose or folder */
  decrypt(purpose: EncryptionPurpose, encrypted: string): string | undefined;
}

/**
 * Kinds of encrypted text. Of a profile: the sign-in token (G1), the key of the history (G8), this device's identity, known
 * identities of other users (F8), and address rules (F2). Of the data folder: known certificates (G1), accounts and drafts.
 */
export type EncryptionPurpose =
  | 'token'
  | 'history-key'
  | 'identity'
  | 'identities'
  | 'address-rules'
  | 'known-servers'
  | 'app'
  /** Private drafts while the app is locked: in memory only, never on the disk (F7). */
  | 'aside-drafts';
