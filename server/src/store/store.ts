import type { SettledStatus } from '../../../src/shared/protocol/messages.ts';

/**
 * A write of the server's data failed and has changed nothing. The store is one interface over an embedded SQLite
 * folder or, in a cluster, PostgreSQL. Every write resolves only after a synced commit (D2, D3). Times are milliseconds
 * since 1970 UTC.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

export type AccountId = number;

export interface Account {
  readonly id: AccountId;
  /** As typed at registration and shown to users. */
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
  /** The sender's username as shown; kept after the deletion of the sender's account. */
  readonly fromName: string;
  /** UUID made by the sender. */
  readonly id: string;
  readonly text: string;
  readonly at: number;
  /** Hash of recipient and text as a safe integer; distinguishes a retry from another message with the same id. */
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

/**
 * Result of an append: `duplicate` is a recognised retry, which adds nothing; `conflict` is the same id with other
 * content.
 */
export type Appended =
  | { readonly kind: 'stored'; readonly seq: number }
  | { readonly kind: 'duplicate'; readonly at: number }
  | { readonly kind: 'conflict' };

/** Messages and UTF-8 bytes of text in a mailbox, or removed from it. */
export interface MailboxSize {
  readonly messages: number;
  readonly bytes: number;
}

/** Messages removed from a mailbox. */
export interface RemovedMail extends MailboxSize {
  /** The accounts that have written them and have new settlements now. */
  readonly senders: readonly AccountId[];
}

/**
 * Final status of a stored message, for its sender (D2): `delivered` if the recipient has confirmed it, `withdrawn` if a
 * block has removed it (E4), `expired` if it was removed without delivery for any other reason.
 */
export interface Settlement {
  /** Grows in the order of settlement. */
  readonly seq: number;
  /** The id of the message. */
  readonly id: string;
  /** The recipient's username as shown; empty if the account is deleted, because nothing of it is kept (B7). */
  readonly to: string;
  readonly status: SettledStatus;
  readonly at: number;
}

/**
 * Record that a message was stored, kept for a day so that a late retry is recognised. It has no text and no recipient.
 */
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
  /** Time until which the previous token is valid. */
  readonly previousUntil: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Token family and invitation of a registration. */
export interface AccountRegistration {
  /** Tokens of the first device, for the new account. */
  readonly family: Omit<TokenFamily, 'account'>;
  /** Hash of the invitation code, if registration needs one. The invitation must not have expired at `now`. */
  readonly invite: { readonly codeHash: Uint8Array; readonly now: number } | undefined;
}

/** Failed passwords in a row for a username, known or not, and the end of its lockout (0: not locked). */
export interface LockoutRecord {
  readonly key: string;
  readonly failures: number;
  readonly lockedUntil: number;
}

/** An interval in which an account was online; `to` is null while it lasts. */
export interface OnlineInterval {
  readonly account: AccountId;
  readonly from: number;
  readonly to: number | null;
}

/** Data that the server loads into memory at its start. */
export interface Snapshot {
  /** UUID of this server, made at first start. */
  readonly serverId: string;
  readonly accounts: readonly Account[];
  readonly blocks: readonly { readonly by: AccountId; readonly blocked: AccountId }[];
  readonly mailboxes: readonly (MailboxSize & { readonly account: AccountId })[];
  readonly lockouts: readonly LockoutRecord[];
  /** The newest receipts, at most as many as asked for. */
  readonly receipts: readonly Receipt[];
  /** Intervals that were open when the server last stopped or crashed. */
  readonly openIntervals: readonly OnlineInterval[];
  /** Last time at which the server was known to run; 0 at first start. */
  readonly lastAlive: number;
}

/** Data older than these times is removed. */
export interface PurgeTimes {
  readonly intervals: number;
  readonly receipts: number;
  readonly settlements: number;
  readonly now: number;
}

export interface Store {
  load(limits: { receipts: number }): Promise<Snapshot>;

  /** @returns undefined if key or skeleton is taken */
  createAccount(account: NewAccount): Promise<Account | undefined>;
  /**
   * Creates an account, signs in its first device and consumes its invitation, in one transaction.
   */
  registerAccount(
    account: NewAccount,
    registration: AccountRegistration,
  ): Promise<Account | 'taken' | 'invite-invalid'>;
  /** @returns the encoded hash; undefined if there is no such account */
  passwordHash(account: AccountId): Promise<string | undefined>;
  setPasswordHash(account: AccountId, passwordHash: string): Promise<void>;
  /**
   * Removes the account with its mailbox, blacklists (both ways), tokens, lockout, online history, receipts and
   * settlements (B7). Its mailbox expires.
   */
  deleteAccount(account: AccountId, at: number): Promise<RemovedMail>;

  tokenFamily(id: string): Promise<TokenFamily | undefined>;
  /** Inserts or replaces by id. */
  saveTokenFamily(family: TokenFamily): Promise<void>;
  /** Removes one family, or all families of an account except one. */
  revokeTokenFamily(id: string): Promise<void>;
  revokeTokenFamilies(account: AccountId, exceptId: string | null): Promise<void>;

  /** Inserts or replaces by key; `failures: 0` and `lockedUntil: 0` removes. */
  saveLockout(record: LockoutRecord): Promise<void>;

  /** Adds a block and removes messages from `blocked` in the mailbox of `by` (E4), in one transaction. */
  addBlock(by: AccountId, blocked: AccountId, at: number): Promise<RemovedMail>;
  /** Removes messages from `blocked` in the mailbox of `by` (E4). */
  withdrawMail(by: AccountId, blocked: AccountId, at: number): Promise<RemovedMail>;
  removeBlock(by: AccountId, blocked: AccountId): Promise<void>;

  /** Appends in the given order, in one transaction; one outcome for each. Checks and writes the receipts as well. */
  appendMail(mail: readonly NewMail[]): Promise<readonly Appended[]>;
  /** The next messages of a mailbox with `seq > after`, oldest first; at least one if there is any. */
  readMail(account: AccountId, after: number, limit: { messages: number; bytes: number }): Promise<readonly Mail[]>;
  /** Removes the messages up to and including `through` as delivered at `at`. */
  removeMail(account: AccountId, through: number, at: number): Promise<RemovedMail>;

  /** The next settlements of a sender with `seq > after`, oldest first. */
  readSettlements(account: AccountId, after: number, limit: number): Promise<readonly Settlement[]>;
  /** Removes the settlements of a sender up to and including `through`. */
  removeSettlements(account: AccountId, through: number): Promise<void>;

  openInterval(account: AccountId, from: number): Promise<void>;
  /** Closes the open intervals of an account: one, or more if a server crashed before it closed them. */
  closeInterval(account: AccountId, to: number): Promise<void>;
  /**
   * Intervals that overlap the time since `since`, ordered by account key, then start; only accounts with key >
   * `afterKey`. At most `limit` intervals, and all of an account or none; an account that alone exceeds `limit` has its
   * newest.
   */
  intervalsSince(since: number, afterKey: string, limit: number): Promise<readonly OnlineInterval[]>;
  /** Records that the server runs: an interval left open by a crash ends at this time. */
  markAlive(at: number): Promise<void>;
  /**
   * Removes expired data: older intervals, receipts and settlements; tokens, invitations and lockouts that have expired by `now`;
   * counted failures and mail without an account. Works in small steps between other writes.
   */
  purge(before: PurgeTimes): Promise<void>;

  createInvite(codeHash: Uint8Array, expiresAt: number): Promise<void>;

  /** Commits pending writes and releases the data folder. */
  close(): Promise<void>;
}
