import type {
  AccountId,
  Appended,
  LockoutRecord,
  NewAccount,
  NewMail,
  PurgeTimes,
  RemovedMail,
  AccountRegistration,
  TokenFamily,
} from '../store.ts';

/** Every write with its input and outcome. Both are sent between threads, so they are plain data. */
export interface Writes {
  createAccount: { input: NewAccount; outcome: AccountId | null };
  registerAccount: {
    input: { account: NewAccount; registration: AccountRegistration };
    outcome: AccountId | 'taken' | 'invite-invalid';
  };
  setPasswordHash: { input: { account: AccountId; passwordHash: string }; outcome: null };
  deleteAccount: { input: { account: AccountId; at: number }; outcome: RemovedMail };
  saveTokenFamily: { input: TokenFamily; outcome: null };
  revokeTokenFamily: { input: string; outcome: null };
  revokeTokenFamilies: { input: { account: AccountId; exceptId: string | null }; outcome: null };
  saveLockout: { input: LockoutRecord; outcome: null };
  addBlock: { input: { by: AccountId; blocked: AccountId; at: number }; outcome: RemovedMail };
  withdrawMail: { input: { by: AccountId; blocked: AccountId; at: number }; outcome: RemovedMail };
  removeBlock: { input: { by: AccountId; blocked: AccountId }; outcome: null };
  appendMail: { input: readonly NewMail[]; outcome: readonly Appended[] };
  removeMail: { input: { account: AccountId; through: number; at: number }; outcome: RemovedMail };
  removeSettlements: { input: { account: AccountId; through: number }; outcome: null };
  openInterval: { input: { account: AccountId; from: number }; outcome: null };
  closeInterval: { input: { account: AccountId; to: number }; outcome: null };
  markAlive: { input: number; outcome: null };
  /** Removes at most `rows` rows of each kind; the outcome says whether there may be more. */
  purge: { input: PurgeTimes & { rows: number }; outcome: boolean };
  createInvite: { input: { codeHash: Uint8Array; expiresAt: number }; outcome: null };
}

export type WriteKind = keyof Writes;

/** One write for the writer's thread. */
export type Operation = { [K in WriteKind]: { readonly kind: K; readonly input: Writes[K]['input'] } }[WriteKind];

/** To the writer: a batch for one transaction, or the request to end. */
export type WriterRequest = readonly Operation[] | 'close';

/** Start parameters of the writer. */
export interface WriterSettings {
  readonly file: string;
  /** Largest size of the database, in pages of 4 KiB; undefined: no limit. */
  readonly maxPages: number | undefined;
}

/** From the writer: one `outcomes` or `rolled-back` for each batch. */
export type WriterReply =
  | { readonly kind: 'ready' }
  /** The database could not be opened and the writer has ended; the message is for the operator. */
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly unknown[] }
  /** The transaction failed and was rolled back; no write of the batch was done. */
  | { readonly kind: 'rolled-back'; readonly cause: string }
  | { readonly kind: 'closed' };
