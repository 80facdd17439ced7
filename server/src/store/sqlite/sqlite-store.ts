import { STORE_LIMITS } from '../../../../src/shared/limits.ts';
import { join } from 'node:path';
import type {
  AccountId,
  NewAccount,
  NewMail,
  PurgeTimes,
  AccountRegistration,
  StorageError,
  Store,
  TokenFamily,
} from '../store.ts';
import { DATABASE_FILE, type DataFolderLock, lockDataFolder } from './data-folder.ts';
import { openForReading } from './open-database.ts';
import { Reader } from './reader.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteStoreOptions {
  /** Created if it is missing; locked by this process until `close`. */
  readonly folder: string;
  /** The built `store-worker.js`. */
  readonly workerUrl: URL;
  /** Called at most once, after an unrecoverable failure: every later write rejects, and the server should stop. */
  readonly onFatal: (error: StorageError) => void;
  /** Largest size of the database, in pages of 4 KiB; undefined: no limit. */
  readonly maxPages?: number;
}

/**
 * Opens the embedded store: one folder, one SQLite database, one process (I1).
 * @throws DataFolderInUseError if another server uses the folder, DataFolderError if it cannot be used (A2)
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const lock = lockDataFolder(options.folder);
  const file = join(options.folder, DATABASE_FILE);
  let queue: WriteQueue | undefined;
  try {
    queue = await WriteQueue.start(options.workerUrl, { file, maxPages: options.maxPages }, options.onFatal);
    return new SqliteStore(lock, queue, new Reader(openForReading(file)));
  } catch (error) {
    await queue?.close();
    lock.release();
    throw error;
  }
}

class SqliteStore implements Store {
  readonly #lock: DataFolderLock;
  readonly #writes: WriteQueue;
  readonly #reader: Reader;
  #closed: Promise<void> | undefined;

  constructor(lock: DataFolderLock, writes: WriteQueue, reader: Reader) {
    this.#lock = lock;
    this.#writes = writes;
    this.#reader = reader;
  }

  async load(limits: { receipts: number }) {
    return this.#reader.load(limits);
  }

  async createAccount(account: NewAccount) {
    const id = await this.#writes.write('createAccount', account);
    if (id === null) return undefined;
    return { id, username: account.username, key: account.key, skeleton: account.skeleton };
  }

  async registerAccount(account: NewAccount, registration: AccountRegistration) {
    const id = await this.#writes.write('registerAccount', { account, registration });
    if (typeof id === 'string') return id;
    return { id, username: account.username, key: account.key, skeleton: account.skeleton };
  }

  async passwordHash(account: AccountId) {
    return this.#reader.passwordHash(account);
  }

  async setPasswordHash(account: AccountId, passwordHash: string) {
    await this.#writes.write('setPasswordHash', { account, passwordHash });
  }

  deleteAccount(account: AccountId, at: number) {
    return this.#writes.write('deleteAccount', { account, at });
  }

  async tokenFamily(id: string) {
    return this.#reader.tokenFamily(id);
  }

  async saveTokenFamily(family: TokenFamily) {
    await this.#writes.write('saveTokenFamily', family);
  }

  async revokeTokenFamily(id: string) {
    await this.#writes.write('revokeTokenFamily', id);
  }

  async revokeTokenFamilies(account: AccountId, exceptId: string | null) {
    await this.#writes.write('revokeTokenFamilies', { account, exceptId });
  }

  async saveLockout(record: { readonly key: string; readonly failures: number; readonly lockedUntil: number }) {
    await this.#writes.write('saveLockout', record);
  }

  addBlock(by: AccountId, blocked: AccountId, at: number) {
    return this.#writes.write('addBlock', { by, blocked, at });
  }

  withdrawMail(by: AccountId, blocked: AccountId, at: number) {
    return this.#writes.write('withdrawMail', { by, blocked, at });
  }

  async removeBlock(by: AccountId, blocked: AccountId) {
    await this.#writes.write('removeBlock', { by, blocked });
  }

  appendMail(mail: readonly NewMail[]) {
    let characters = 0;
    for (const { text } of mail) characters += text.length;
    return this.#writes.write('appendMail', mail, mail.length, characters);
  }

  async readMail(account: AccountId, after: number, limit: { messages: number; bytes: number }) {
    return this.#reader.readMail(account, after, limit);
  }

  removeMail(account: AccountId, through: number, at: number) {
    return this.#writes.write('removeMail', { account, through, at });
  }

  async readSettlements(account: AccountId, after: number, limit: number) {
    return this.#reader.readSettlements(account, after, limit);
  }

  async removeSettlements(account: AccountId, through: number) {
    await this.#writes.write('removeSettlements', { account, through });
  }

  async openInterval(account: AccountId, from: number) {
    await this.#writes.write('openInterval', { account, from });
  }

  async closeInterval(account: AccountId, to: number) {
    await this.#writes.write('closeInterval', { account, to });
  }

  async intervalsSince(since: number, afterKey: string, limit: number) {
    return this.#reader.intervalsSince(since, afterKey, limit);
  }

  async markAlive(at: number) {
    await this.#writes.write('markAlive', at);
  }

  async purge(before: PurgeTimes) {
    while (await this.#writes.write('purge', { ...before, rows: STORE_LIMITS.purgeRows }, STORE_LIMITS.purgeRows));
  }

  async createInvite(codeHash: Uint8Array, expiresAt: number) {
    await this.#writes.write('createInvite', { codeHash, expiresAt });
  }

  close() {
    this.#closed ??= this.#writes.close().then(() => {
      this.#reader.close();
      this.#lock.release();
    });
    return this.#closed;
  }
}
