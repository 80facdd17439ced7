import { transaction } from '../../../../src/shared/sqlite/transaction.ts';
import type { SettledStatus } from '../../../../src/shared/protocol/messages.ts';
import type { AccountId, Appended, NewMail, RemovedMail, TokenFamily } from '../store.ts';
import { STILL_OPEN } from './migrations.ts';
import type { StoreDatabase } from './open-database.ts';
import type { Operation, WriteKind, Writes } from './operations.ts';

type Handlers = { readonly [K in WriteKind]: (input: Writes[K]['input']) => Writes[K]['outcome'] };

/** Applies batches of writes to the database, each in one transaction (D3). */
export class Writer {
  readonly #database: StoreDatabase;
  readonly #handlers: Handlers;

  /** @param database opened by `openForWriting` */
  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#handlers = {
      ...accountWrites(database),
      ...signInWrites(database),
      ...mailWrites(database),
      ...presenceWrites(database),
      ...inviteWrites(database),
      purge: purgeWrites(database),
    };
  }

  /**
   * Applies all operations in order and commits with a full sync.
   * @returns one outcome for each operation
   * @throws the driver's error; then no operation of the batch is done
   */
  commit(operations: readonly Operation[]): readonly unknown[] {
    return transaction(this.#database, () => operations.map((operation) => this.#apply(operation)));
  }

  #apply<K extends WriteKind>(operation: { readonly kind: K; readonly input: Writes[K]['input'] }): unknown {
    return this.#handlers[operation.kind](operation.input);
  }
}

const SAVE_FAMILY = `INSERT OR REPLACE INTO token_families
  (id, account, device_id, current_hash, previous_hash, previous_until, created_at, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/** Prepares a statement without result rows. @returns a function that runs it and gives the number of changed rows */
function statement(database: StoreDatabase, sql: string): (...values: readonly unknown[]) => number {
  const prepared = database.prepare(sql);
  // Always one array: the driver mistakes a single null for a missing object of named values.
  return (...values) => prepared.run(values).changes;
}

function accountWrites(
  database: StoreDatabase,
): Pick<
  Handlers,
  | 'createAccount'
  | 'registerAccount'
  | 'setPasswordHash'
  | 'deleteAccount'
  | 'addBlock'
  | 'removeBlock'
  | 'withdrawMail'
> {
  const insert = database.prepare(
    `INSERT INTO accounts (username, key, skeleton, password_hash, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const setHash = statement(database, 'UPDATE accounts SET password_hash = ? WHERE id = ?');
  const forgetting = [
    'DELETE FROM lockouts WHERE key = (SELECT key FROM accounts WHERE id = ?)',
    'DELETE FROM blocks WHERE owner = ?',
    'DELETE FROM blocks WHERE blocked = ?',
    'DELETE FROM token_families WHERE account = ?',
    'DELETE FROM intervals WHERE account = ?',
    'DELETE FROM receipts WHERE sender = ?',
    'DELETE FROM settlements WHERE sender = ?',
    'DELETE FROM accounts WHERE id = ?',
  ].map((sql) => statement(database, sql));
  const insertBlock = statement(database, 'INSERT INTO blocks (owner, blocked) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const deleteBlock = statement(database, 'DELETE FROM blocks WHERE owner = ? AND blocked = ?');
  const expireMailbox = mailRemoval(database, 'recipient = ?', 'expired');
  const withdrawFromSender = mailRemoval(database, 'recipient = ? AND sender = ?', 'withdrawn');
  const useInvite = statement(database, 'DELETE FROM invites WHERE code_hash = ?');
  const goodInvite = database.prepare('SELECT 1 FROM invites WHERE code_hash = ? AND expires_at > ?');
  const saveFamily = statement(database, SAVE_FAMILY);
  const createAccount: Handlers['createAccount'] = ({ username, key, skeleton, passwordHash, createdAt }) => {
    const done = insert.run([username, key, skeleton, passwordHash, createdAt]);
    return done.changes === 0 ? null : Number(done.lastInsertRowid);
  };

  return {
    createAccount,
    registerAccount: ({ account, registration: { family, invite } }) => {
      // Checked first, so that a client without an invitation does not learn which usernames exist.
      if (invite && goodInvite.get([invite.codeHash, invite.now]) === undefined) return 'invite-invalid';
      const id = createAccount(account);
      if (id === null) return 'taken';
      if (invite) useInvite(invite.codeHash);
      saveFamily(...tokenColumns({ ...family, account: id }));
      return id;
    },
    setPasswordHash: ({ account, passwordHash }) => noOutcome(setHash(passwordHash, account)),
    deleteAccount: ({ account, at }) => {
      const removed = expireMailbox(at, account);
      for (const forget of forgetting) forget(account);
      return removed;
    },
    addBlock: ({ by, blocked, at }) => {
      insertBlock(by, blocked);
      return withdrawFromSender(at, by, blocked);
    },
    withdrawMail: ({ by, blocked, at }) => withdrawFromSender(at, by, blocked),
    removeBlock: ({ by, blocked }) => noOutcome(deleteBlock(by, blocked)),
  };
}

function signInWrites(
  database: StoreDatabase,
): Pick<Handlers, 'saveTokenFamily' | 'revokeTokenFamily' | 'revokeTokenFamilies' | 'saveLockout'> {
  const save = statement(database, SAVE_FAMILY);
  const revoke = statement(database, 'DELETE FROM token_families WHERE id = ?');
  const revokeOthers = statement(database, 'DELETE FROM token_families WHERE account = ? AND id IS NOT ?');
  const saveLockout = statement(
    database,
    'INSERT OR REPLACE INTO lockouts (key, failures, locked_until) VALUES (?, ?, ?)',
  );
  const removeLockout = statement(database, 'DELETE FROM lockouts WHERE key = ?');

  return {
    saveTokenFamily: (family) => noOutcome(save(...tokenColumns(family))),
    revokeTokenFamily: (id) => noOutcome(revoke(id)),
    revokeTokenFamilies: ({ account, exceptId }) => noOutcome(revokeOthers(account, exceptId)),
    saveLockout: ({ key, failures, lockedUntil }) => {
      const cleared = failures === 0 && lockedUntil === 0;
      return noOutcome(cleared ? removeLockout(key) : saveLockout(key, failures, lockedUntil));
    },
  };
}

function tokenColumns(family: TokenFamily): readonly unknown[] {
  const { id, account, deviceId, currentHash, previousHash, previousUntil, createdAt, expiresAt } = family;
  return [id, account, deviceId, currentHash, previousHash, previousUntil, createdAt, expiresAt];
}

/**
 * Prepares the removal of those messages of one mailbox that meet a condition. Each leaves one settlement for its sender
 * in the same transaction (D2), so a sender gets the final status even if the server crashes.
 */
function mailRemoval(
  database: StoreDatabase,
  condition: string,
  status: SettledStatus,
): (at: number, recipient: AccountId, ...values: readonly number[]) => RemovedMail {
  const sizes = database.prepare(
    `SELECT sender, count(*) AS messages, sum(bytes) AS bytes FROM mail WHERE ${condition} GROUP BY sender`,
  );
  // A deleted account gets no settlements.
  const settle = statement(
    database,
    `INSERT INTO settlements (sender, recipient, id, status, at)
     SELECT sender, recipient, mail.id, '${status}', ? FROM mail JOIN accounts ON accounts.id = sender
     WHERE ${condition} ORDER BY seq`,
  );
  const remove = statement(database, `DELETE FROM mail WHERE ${condition}`);
  return (at, ...values) => {
    const rows = sizes.all(values) as { sender: AccountId; messages: number; bytes: number }[];
    if (rows.length > 0) {
      settle(at, ...values);
      remove(...values);
    }
    return {
      messages: rows.reduce((sum, row) => sum + row.messages, 0),
      bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
      senders: rows.map(({ sender }) => sender),
    };
  };
}

function mailWrites(database: StoreDatabase): Pick<Handlers, 'appendMail' | 'removeMail' | 'removeSettlements'> {
  const insertReceipt = statement(
    database,
    'INSERT INTO receipts (sender, id, fingerprint, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const findReceipt = database.prepare('SELECT fingerprint, at FROM receipts WHERE sender = ? AND id = ?');
  const insert = database.prepare(
    'INSERT INTO mail (recipient, sender, sender_name, id, text, at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const deliverThrough = mailRemoval(database, 'recipient = ? AND seq <= ?', 'delivered');
  const removeSettlements = statement(database, 'DELETE FROM settlements WHERE sender = ? AND seq <= ?');

  function append(mail: NewMail): Appended {
    if (insertReceipt(mail.from, mail.id, mail.fingerprint, mail.at) === 0) {
      const receipt = findReceipt.get([mail.from, mail.id]) as { fingerprint: number; at: number };
      if (receipt.fingerprint !== mail.fingerprint) return { kind: 'conflict' };
      return { kind: 'duplicate', at: receipt.at };
    }
    const text = Buffer.from(mail.text);
    const values = [mail.to, mail.from, mail.fromName, mail.id, text, mail.at, text.length];
    return { kind: 'stored', seq: Number(insert.run(values).lastInsertRowid) };
  }

  return {
    appendMail: (mail) => mail.map(append),
    removeMail: ({ account, through, at }) => deliverThrough(at, account, through),
    removeSettlements: ({ account, through }) => noOutcome(removeSettlements(account, through)),
  };
}

function presenceWrites(database: StoreDatabase): Pick<Handlers, 'openInterval' | 'closeInterval' | 'markAlive'> {
  const open = statement(database, `INSERT INTO intervals (account, started, ended) VALUES (?, ?, ${STILL_OPEN})`);
  // Prevents an end before the start if the clock was set back.
  const close = statement(
    database,
    `UPDATE intervals SET ended = max(started, ?) WHERE account = ? AND ended = ${STILL_OPEN}`,
  );
  const alive = statement(database, 'UPDATE server SET last_alive = ?');

  return {
    openInterval: ({ account, from }) => noOutcome(open(account, from)),
    closeInterval: ({ account, to }) => noOutcome(close(to, account)),
    markAlive: (at) => noOutcome(alive(at)),
  };
}

function inviteWrites(database: StoreDatabase): Pick<Handlers, 'createInvite'> {
  const create = statement(database, 'INSERT OR REPLACE INTO invites (code_hash, expires_at) VALUES (?, ?)');

  return { createInvite: ({ codeHash, expiresAt }) => noOutcome(create(codeHash, expiresAt)) };
}

function purgeWrites(database: StoreDatabase): Handlers['purge'] {
  const intervals = statement(
    database,
    'DELETE FROM intervals WHERE rowid IN (SELECT rowid FROM intervals WHERE ended < ? LIMIT ?)',
  );
  const receipts = statement(
    database,
    'DELETE FROM receipts WHERE (sender, id) IN (SELECT sender, id FROM receipts WHERE at < ? LIMIT ?)',
  );
  const settlements = statement(
    database,
    'DELETE FROM settlements WHERE seq IN (SELECT seq FROM settlements WHERE at < ? LIMIT ?)',
  );
  const tokens = statement(
    database,
    'DELETE FROM token_families WHERE id IN (SELECT id FROM token_families WHERE expires_at <= ? LIMIT ?)',
  );
  const invites = statement(
    database,
    'DELETE FROM invites WHERE code_hash IN (SELECT code_hash FROM invites WHERE expires_at <= ? LIMIT ?)',
  );
  const lockouts = statement(
    database,
    `DELETE FROM lockouts WHERE rowid IN (
       SELECT rowid FROM lockouts WHERE locked_until <= ?
       AND (locked_until > 0 OR NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.key = lockouts.key)) LIMIT ?)`,
  );
  // A message may have been accepted during the deletion of its recipient. The query visits each mailbox once through
  // the index, not each message.
  const ownerless = statement(
    database,
    `WITH RECURSIVE owners (id) AS (
       SELECT min(recipient) FROM mail
       UNION ALL SELECT (SELECT min(recipient) FROM mail WHERE recipient > owners.id) FROM owners WHERE id IS NOT NULL)
     DELETE FROM mail WHERE seq IN (
       SELECT seq FROM owners CROSS JOIN mail ON recipient = owners.id
       WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = owners.id) LIMIT ?)`,
  );

  return (before) => {
    const removed = [
      ownerless(before.rows),
      intervals(before.intervals, before.rows),
      receipts(before.receipts, before.rows),
      settlements(before.settlements, before.rows),
      tokens(before.now, before.rows),
      invites(before.now, before.rows),
      lockouts(before.now, before.rows),
    ];
    return removed.some((rows) => rows >= before.rows);
  };
}

/** Outcome of writes without a result. */
function noOutcome(_changes: number): null {
  return null;
}
