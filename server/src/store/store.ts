/**
 * What the server keeps, behind one interface: an embedded SQLite folder or, in a cluster, PostgreSQL. Every write
 * resolves only after a synced commit (D2, D3). A write that could not be done rejects with `StorageError` and
 * has changed nothing. Times are milliseconds since 1970 UTC.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

export type AccountId = number;

export interface Account {
  readonly id: AccountId;
  /** As typed at registration; what people see. */
  readonly username: string;
  /** PRECIS canonical form (B1); unique. */
  readonly key: string;
  /** Look-alike skeleton (UTS #39); unique. */
  readonly skeleton: string;
}

export interface NewAccount {
  readonly username: string;
  readonly key: string;
  readonly skeleton: string;
  readonly passwordHash: string;
  readonly createdAt: number;
}

/** A message on its way into a mailbox. */
export interface NewMail {
  readonly to: AccountId;
  readonly from: AccountId;
  /** The sender's username as shown; survives the deletion of the sender's account. */
  readonly fromName: string;
  /** UUID made by the sender. */
  readonly id: string;
  readonly text: string;
  readonly at: number;
  /** Safe integer over recipient and text: tells a retry from another message with the same id. */
  readonly fingerprint: number;
}

/** A message in a mailbox. `seq` grows in the order of acceptance. */
export interface Mail {
  readonly seq: number;
  readonly from: AccountId;
  readonly fromName: string;
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

/** What became of an append: `duplicate` is a recognised retry (nothing was added), `conflict` the same id with other content. */
export type Appended =
  | { readonly kind: 'stored'; readonly seq: number }
  | { readonly kind: 'duplicate'; readonly at: number }
  | { readonly kind: 'conflict' };

/** Messages and UTF-8 bytes of text in a mailbox, or taken from it. */
export interface MailboxSize {
  readonly messages: number;
  readonly bytes: number;
}

/** That a sender's message was stored once: kept for a day after, so that a late retry is recognised. No text, no recipient. */
export interface Receipt {
  readonly from: AccountId;
  readonly id: string;
  readonly fingerprint: number;
  readonly at: number;
}

/** The resumption tokens of one device (B4): only hashes, the current and the previous one. */
export interface TokenFamily {
  readonly id: string;
  readonly account: AccountId;
  readonly deviceId: string;
  readonly currentHash: Uint8Array;
  readonly previousHash: Uint8Array | null;
  /** Until when the previous token is still good. */
  readonly previousUntil: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What goes with a new account. */
export interface AccountRegistration {
  /** The first device's tokens; the account is the one to be made. */
  readonly family: Omit<TokenFamily, 'account'>;
  /** Hash of the invitation's code, where one is needed. It is good if it has not expired `now`. */
  readonly invite: { readonly codeHash: Uint8Array; readonly now: number } | undefined;
}

/** Failed passwords in a row for a name (known or not), and until when it is locked (0: not). */
export interface LockoutRecord {
  readonly key: string;
  readonly failures: number;
  readonly lockedUntil: number;
}

/** A time during which an account was online; `to` is null while it lasts. */
export interface OnlineInterval {
  readonly account: AccountId;
  readonly from: number;
  readonly to: number | null;
}

/** What the server takes into memory at its start. */
export interface Snapshot {
  /** UUID of this server, made at first start. */
  readonly serverId: string;
  readonly accounts: readonly Account[];
  readonly blocks: readonly { readonly by: AccountId; readonly blocked: AccountId }[];
  readonly mailboxes: readonly (MailboxSize & { readonly account: AccountId })[];
  readonly lockouts: readonly LockoutRecord[];
  /** The newest receipts, at most as many as asked for. */
  readonly receipts: readonly Receipt[];
  /** Intervals that were open when the server last stopped or died. */
  readonly openIntervals: readonly OnlineInterval[];
  /** When the server was last known to run; 0 at first start. */
  readonly lastAlive: number;
}

export interface Store {
  load(limits: { receipts: number }): Promise<Snapshot>;

  /** @returns undefined where key or skeleton is taken */
  createAccount(account: NewAccount): Promise<Account | undefined>;
  /** Makes an account, signs its first device in and uses up its invitation, in one transaction: all of it or nothing. */
  registerAccount(
    account: NewAccount,
    registration: AccountRegistration,
  ): Promise<Account | 'taken' | 'invite-invalid'>;
  /** @returns the encoded hash, undefined where there is no such account */
  passwordHash(account: AccountId): Promise<string | undefined>;
  setPasswordHash(account: AccountId, passwordHash: string): Promise<void>;
  /** Removes the account with its mailbox, blacklists (both ways), tokens, lockout, online history and receipts (B7). */
  deleteAccount(account: AccountId): Promise<void>;

  tokenFamily(id: string): Promise<TokenFamily | undefined>;
  /** Inserts or replaces by id. */
  saveTokenFamily(family: TokenFamily): Promise<void>;
  /** Removes one family, or all of an account but one. */
  revokeTokenFamily(id: string): Promise<void>;
  revokeTokenFamilies(account: AccountId, exceptId: string | null): Promise<void>;

  /** Inserts or replaces by key; `failures: 0` and `lockedUntil: 0` removes. */
  saveLockout(record: LockoutRecord): Promise<void>;

  /** Adds a block and removes what waits from `blocked` in the mailbox of `by` (E4), in one transaction. */
  addBlock(by: AccountId, blocked: AccountId): Promise<MailboxSize>;
  removeBlock(by: AccountId, blocked: AccountId): Promise<void>;

  /** Appends in the given order, in one transaction; one outcome for each. Checks and writes the receipts as well. */
  appendMail(mail: readonly NewMail[]): Promise<readonly Appended[]>;
  /** The next messages of a mailbox with `seq > after`, oldest first; at least one where there is one. */
  readMail(account: AccountId, after: number, limit: { messages: number; bytes: number }): Promise<readonly Mail[]>;
  /** Removes everything up to and including `through`. @returns what was removed */
  removeMail(account: AccountId, through: number): Promise<MailboxSize>;

  openInterval(account: AccountId, from: number): Promise<void>;
  /** Closes what is open of the account's intervals: one, or more where a server died before it closed them. */
  closeInterval(account: AccountId, to: number): Promise<void>;
  /**
   * Intervals that reach into the time since `since`, ordered by account key then start; only accounts with key >
   * `afterKey`. At most `limit`, and all of an account or none; an account that alone has more is there with its newest.
   */
  intervalsSince(since: number, afterKey: string, limit: number): Promise<readonly OnlineInterval[]>;
  /** Notes that the server runs: an open interval of a server that died ends here. */
  markAlive(at: number): Promise<void>;
  /**
   * Removes what has outlived its time: intervals and receipts that ended before; tokens, invitations and lockouts that
   * have expired by `now`; failures counted for names, and mail accepted for accounts, that are not there. In small steps,
   * between other writes.
   */
  purge(before: { intervals: number; receipts: number; now: number }): Promise<void>;

  createInvite(codeHash: Uint8Array, expiresAt: number): Promise<void>;

  /** Commits what is pending and lets go of the data folder. */
  close(): Promise<void>;
}
