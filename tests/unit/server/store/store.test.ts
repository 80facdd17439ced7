import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store, TokenFamily } from '../../../../server/src/store/store.ts';
import { EVERYTHING, newAccount, newMail, StoreFolder, uuidOf } from '../../../support/store-folder.ts';

let folder: StoreFolder;
let store: Store;

beforeEach(async () => {
  folder = new StoreFolder();
  store = await folder.open();
});
afterEach(() => folder.cleanUp());

async function account(name: string): Promise<number> {
  const made = await store.createAccount(newAccount(name));
  if (!made) throw new Error(`${name} is taken`);
  return made.id;
}

async function reopened(): Promise<Store> {
  await store.close();
  store = await folder.open();
  return store;
}

async function textsOf(recipient: number): Promise<readonly string[]> {
  return (await store.readMail(recipient, 0, EVERYTHING)).map(({ text }) => text);
}

/** Makes an account by invitation, with the tokens of its first device. */
function register(name: string, invite: { codeHash: Uint8Array; now: number }) {
  const family = {
    id: `family of ${name}`,
    deviceId: 'device',
    currentHash: Buffer.from('hash'),
    previousHash: null,
    previousUntil: 0,
    createdAt: 1,
    expiresAt: 1_000,
  };
  return store.registerAccount(newAccount(name), { family, invite });
}

const load = () => store.load({ receipts: 1_000 });

describe('Accounts (B1, B7)', () => {
  test('survive a restart, with names as typed', async () => {
    const made = await store.createAccount(newAccount('Zoë'));
    expect(made).toEqual({ id: 1, username: 'Zoë', key: 'zoë', skeleton: '~zoë' });
    await reopened();
    expect((await load()).accounts).toEqual([made]);
    expect(await store.passwordHash(1)).toBe('#Zoë');
    expect(await store.passwordHash(2)).toBeUndefined();
  });

  test('are refused if key or skeleton is taken, also within one batch', async () => {
    const results = await Promise.all([
      store.createAccount(newAccount('kevin')),
      store.createAccount({ ...newAccount('other'), key: 'kevin' }),
      store.createAccount({ ...newAccount('other'), skeleton: '~kevin' }),
      store.createAccount(newAccount('other')),
    ]);
    expect(results.map((result) => result?.username)).toEqual(['kevin', undefined, undefined, 'other']);
  });

  test('change their password', async () => {
    const id = await account('kevin');
    await store.setPasswordHash(id, '#new');
    expect(await store.passwordHash(id)).toBe('#new');
  });

  test('are deleted with all their data, and their number is not used again', async () => {
    const [kevin, mia, zoe] = [await account('Kevin'), await account('Mia'), await account('Zoe')];
    await store.appendMail([newMail(1, { to: kevin, from: mia }), newMail(2, { to: mia, from: kevin })]);
    await store.addBlock(kevin, zoe, 5_000);
    await store.addBlock(zoe, kevin, 5_000);
    await store.addBlock(mia, zoe, 5_000);
    await store.saveTokenFamily(family('k', kevin));
    await store.saveTokenFamily(family('m', mia));
    await store.saveLockout({ key: 'kevin', failures: 2, lockedUntil: 0 });
    await store.saveLockout({ key: 'mia', failures: 1, lockedUntil: 0 });
    await store.openInterval(kevin, 10);
    await store.openInterval(mia, 10);
    await store.deleteAccount(kevin, 5_000);

    const left = await load();
    expect(left.accounts.map(({ username }) => username)).toEqual(['Mia', 'Zoe']);
    expect(left.blocks).toEqual([{ by: mia, blocked: zoe }]);
    expect(left.lockouts).toEqual([{ key: 'mia', failures: 1, lockedUntil: 0 }]);
    expect(left.openIntervals).toEqual([{ account: mia, from: 10, to: null }]);
    expect(left.receipts.map(({ from }) => from)).toEqual([mia]);
    expect(await store.passwordHash(kevin)).toBeUndefined();
    expect(await store.tokenFamily('k')).toBeUndefined();
    expect(await store.tokenFamily('m')).toEqual(family('m', mia));
    expect(await textsOf(kevin)).toEqual([]);
    // Messages to others belong to the mailboxes of their recipients, and still name the sender.
    expect(await store.readMail(mia, 0, EVERYTHING)).toMatchObject([{ fromName: 'Kevin', text: 'text 2' }]);
    expect(await account('Kevin')).toBeGreaterThan(zoe);
  });
});

function family(id: string, owner: number, change: Partial<TokenFamily> = {}): TokenFamily {
  return {
    id,
    account: owner,
    deviceId: uuidOf(7),
    currentHash: Buffer.alloc(32, 1),
    previousHash: null,
    previousUntil: 0,
    createdAt: 5,
    expiresAt: 500,
    ...change,
  };
}

describe('Tokens (B4)', () => {
  test('are inserted and replaced, and survive a restart', async () => {
    await store.saveTokenFamily(family('a', 1));
    expect(await store.tokenFamily('a')).toEqual(family('a', 1));
    const rotated = family('a', 1, {
      currentHash: Buffer.from([0, 255, 0]),
      previousHash: Buffer.alloc(32, 1),
      previousUntil: 60,
    });
    await store.saveTokenFamily(rotated);
    await reopened();
    expect(await store.tokenFamily('a')).toEqual(rotated);
    expect(await store.tokenFamily('b')).toBeUndefined();
  });

  test('are revoked one by one, all but one, or all of an account', async () => {
    for (const id of ['a', 'b', 'c']) await store.saveTokenFamily(family(id, 1));
    await store.saveTokenFamily(family('other', 2));
    await store.revokeTokenFamily('a');
    expect(await store.tokenFamily('a')).toBeUndefined();
    await store.revokeTokenFamilies(1, 'b');
    expect(await store.tokenFamily('b')).toBeDefined();
    expect(await store.tokenFamily('c')).toBeUndefined();
    await store.revokeTokenFamilies(1, null);
    expect(await store.tokenFamily('b')).toBeUndefined();
    expect(await store.tokenFamily('other')).toBeDefined();
  });
});

describe('Lockouts (B2, A5)', () => {
  test('are inserted, replaced and removed, and survive a restart', async () => {
    await store.saveLockout({ key: 'kevin', failures: 1, lockedUntil: 0 });
    await store.saveLockout({ key: 'kevin', failures: 3, lockedUntil: 120_000 });
    await store.saveLockout({ key: 'mia', failures: 1, lockedUntil: 0 });
    await store.saveLockout({ key: 'mia', failures: 0, lockedUntil: 0 });
    await reopened();
    expect((await load()).lockouts).toEqual([{ key: 'kevin', failures: 3, lockedUntil: 120_000 }]);
  });
});

describe('Blocks (E1, E4)', () => {
  test('remove waiting messages of the blocked user only', async () => {
    await store.appendMail([
      newMail(1, { to: 1, from: 2, text: 'ü' }),
      newMail(2, { to: 1, from: 3 }),
      newMail(3, { to: 1, from: 2, text: 'abc' }),
      newMail(4, { to: 3, from: 2 }),
    ]);
    expect(await store.addBlock(1, 2, 5_000)).toEqual({ messages: 2, bytes: 5, senders: [2] });
    expect(await store.addBlock(1, 2, 5_000)).toEqual({ messages: 0, bytes: 0, senders: [] });
    expect(await textsOf(1)).toEqual(['text 2']);
    expect(await textsOf(3)).toEqual(['text 4']);
    expect((await load()).blocks).toEqual([{ by: 1, blocked: 2 }]);
    await store.removeBlock(1, 2);
    expect((await load()).blocks).toEqual([]);
  });
});

describe('Mailboxes (D1, D3, D6)', () => {
  test('keep texts byte for byte, and ids as sent (D5)', async () => {
    const texts = [
      'a\u0000b',
      '\u0000',
      '𝒳 😀 \u{10ffff}',
      '\ufeffx',
      'é\r\n\te\u0301',
      '',
      '\ufffd',
      'x'.repeat(8_192),
    ];
    const ids = texts.map((_, i) => (i % 2 === 0 ? uuidOf(i).replace('0000', 'ABCD') : uuidOf(i)));
    const mail = texts.map((text, i) =>
      newMail(i, { text, id: ids[i] ?? '', at: 2 ** 52 + i, fingerprint: 2 ** 53 - 1 - i }),
    );
    await store.appendMail(mail);
    await reopened();
    const read = await store.readMail(1, 0, EVERYTHING);
    expect(read).toEqual(
      mail.map(({ from, fromName, id, text, at }, i) => ({ seq: i + 1, from, fromName, id, text, at })),
    );
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect((await load()).mailboxes).toEqual([{ account: 1, messages: texts.length, bytes }]);
  });

  test('recognise a repeated id with the same and with another text, within a batch, later, and after removal', async () => {
    const first = await store.appendMail([
      newMail(1),
      newMail(1, { at: 9_999 }),
      newMail(1, { fingerprint: 42 }),
      newMail(1, { from: 3 }),
    ]);
    expect(first).toEqual([
      { kind: 'stored', seq: 1 },
      { kind: 'duplicate', at: 1_001 },
      { kind: 'conflict' },
      { kind: 'stored', seq: 2 },
    ]);
    await store.removeMail(1, 2, 5_000);
    await reopened();
    expect(await store.appendMail([newMail(1), newMail(1, { fingerprint: 0 }), newMail(2)])).toEqual([
      { kind: 'duplicate', at: 1_001 },
      { kind: 'conflict' },
      // Numbers go on after a removal and a restart: a client's confirmation can never reach what is newer.
      { kind: 'stored', seq: 3 },
    ]);
    expect(await textsOf(1)).toEqual(['text 2']);
  });

  test('are read in pages limited by messages and bytes, with at least one message each', async () => {
    await store.appendMail([0, 1, 2, 3, 4].map((n) => newMail(n, { text: 'x'.repeat(100) })));
    await store.appendMail([newMail(9, { to: 8 })]);
    const page = async (after: number, messages: number, bytes: number) =>
      (await store.readMail(1, after, { messages, bytes })).map(({ seq }) => seq);
    expect(await page(0, 2, 10_000)).toEqual([1, 2]);
    expect(await page(2, 10, 10_000)).toEqual([3, 4, 5]);
    expect(await page(0, 10, 299)).toEqual([1, 2]);
    expect(await page(0, 10, 300)).toEqual([1, 2, 3]);
    expect(await page(0, 10, 1)).toEqual([1]);
    expect(await page(5, 10, 10_000)).toEqual([]);
    expect(await page(0, 0, 0)).toEqual([1]);
  });

  test('remove confirmed messages, and return their number', async () => {
    await store.appendMail([newMail(1, { text: 'ü' }), newMail(2, { to: 5 }), newMail(3, { text: 'abc' }), newMail(4)]);
    expect(await store.removeMail(1, 3, 5_000)).toEqual({ messages: 2, bytes: 5, senders: [2] });
    expect(await store.removeMail(1, 3, 5_000)).toEqual({ messages: 0, bytes: 0, senders: [] });
    expect(await textsOf(1)).toEqual(['text 4']);
    expect(await textsOf(5)).toEqual(['text 2']);
  });

  test('return writes to a later read, page after page', async () => {
    for (let n = 1; n <= 250; n++) {
      await store.appendMail([newMail(n)]);
      if (n % 25 === 0) expect(await textsOf(1)).toHaveLength(n);
    }
  });
});

describe('Presence history (C3)', () => {
  test('closes open intervals, and never before their beginning', async () => {
    await store.openInterval(1, 100);
    await store.closeInterval(1, 200);
    await store.openInterval(1, 300);
    await store.openInterval(1, 400);
    await store.openInterval(2, 150);
    await reopened();
    expect((await load()).openIntervals).toEqual([
      { account: 1, from: 300, to: null },
      { account: 1, from: 400, to: null },
      { account: 2, from: 150, to: null },
    ]);
    await store.closeInterval(1, 350);
    await store.closeInterval(7, 350);
    expect((await load()).openIntervals).toEqual([{ account: 2, from: 150, to: null }]);
    await account('b');
    await account('a');
    expect(await store.intervalsSince(0, '', 100)).toEqual([
      { account: 2, from: 150, to: null },
      { account: 1, from: 100, to: 200 },
      { account: 1, from: 300, to: 350 },
      { account: 1, from: 400, to: 400 },
    ]);
  });

  test('is read from a time on, in pages that never split a user', async () => {
    const [a, b, c] = [await account('a'), await account('b'), await account('c')];
    for (const [id, from, to] of [
      [b, 10, 20],
      [b, 30, 40],
      [a, 10, 19],
      [c, 15, 50],
      [b, 50, 60],
      [b, 70, 80],
      [a, 35, 36],
    ] as const) {
      await store.openInterval(id, from);
      await store.closeInterval(id, to);
    }
    const page = async (since: number, afterKey: string, limit: number) =>
      (await store.intervalsSince(since, afterKey, limit)).map(({ account: id, from }) => [id, from]);
    expect(await page(20, '', 100)).toEqual([
      [a, 35],
      [b, 10],
      [b, 30],
      [b, 50],
      [b, 70],
      [c, 15],
    ]);
    expect(await page(21, '', 100)).toEqual([
      [a, 35],
      [b, 30],
      [b, 50],
      [b, 70],
      [c, 15],
    ]);
    expect(await page(20, '', 5)).toEqual([
      [a, 35],
      [b, 10],
      [b, 30],
      [b, 50],
      [b, 70],
    ]);
    expect(await page(20, '', 4)).toEqual([[a, 35]]);
    expect(await page(20, 'a', 3)).toEqual([
      [b, 30],
      [b, 50],
      [b, 70],
    ]);
    expect(await page(20, 'b', 3)).toEqual([[c, 15]]);
    expect(await page(20, 'c', 3)).toEqual([]);
  });

  test('stores when the server last ran', async () => {
    expect((await load()).lastAlive).toBe(0);
    await store.markAlive(777);
    await reopened();
    expect((await load()).lastAlive).toBe(777);
  });
});

describe('Expired data', () => {
  test('is removed, and nothing else', async () => {
    const kevin = await account('kevin');
    await account('mia');
    await store.openInterval(kevin, 10);
    await store.closeInterval(kevin, 99);
    await store.openInterval(kevin, 10);
    await store.closeInterval(kevin, 100);
    await store.openInterval(kevin, 11);
    await store.appendMail([newMail(1, { at: 199 }), newMail(2, { at: 200 }), newMail(3, { to: 9, from: 3, at: 0 })]);
    await store.saveTokenFamily(family('expired', kevin, { expiresAt: 1_000 }));
    await store.saveTokenFamily(family('good', kevin, { expiresAt: 1_001 }));
    await store.saveLockout({ key: 'kevin', failures: 3, lockedUntil: 1_000 });
    await store.saveLockout({ key: 'mia', failures: 2, lockedUntil: 0 });
    await store.saveLockout({ key: 'nobody', failures: 2, lockedUntil: 0 });
    await store.saveLockout({ key: 'somebody', failures: 3, lockedUntil: 1_001 });
    await store.createInvite(Buffer.from('old'), 1_000);
    await store.purge({ intervals: 100, receipts: 200, settlements: 0, now: 1_000 });

    const left = await load();
    expect(await store.intervalsSince(0, '', 10)).toEqual([
      { account: kevin, from: 10, to: 100 },
      { account: kevin, from: 11, to: null },
    ]);
    expect(left.receipts.map(({ at }) => at)).toEqual([200]);
    expect(left.mailboxes).toMatchObject([{ account: kevin, messages: 2 }]);
    expect(await store.tokenFamily('expired')).toBeUndefined();
    expect(await store.tokenFamily('good')).toBeDefined();
    expect(left.lockouts.map(({ key }) => key)).toEqual(['mia', 'somebody']);
    expect(await register('late', { codeHash: Buffer.from('old'), now: 1 })).toBe('invite-invalid');
  });

  test('is removed in small steps if there is much', async () => {
    for (let n = 0; n < 5; n++) {
      await store.appendMail(Array.from({ length: 1_000 }, (_, i) => newMail(n * 1_000 + i)));
    }
    await store.purge({ intervals: 0, receipts: 5_500, settlements: 0, now: 0 });
    const { receipts } = await store.load({ receipts: 10_000 });
    expect(receipts).toHaveLength(500);
    expect(Math.min(...receipts.map(({ at }) => at))).toBe(5_500);
  });
});

describe('Start', () => {
  test('reads the newest receipts first, up to the requested number', async () => {
    await store.appendMail([newMail(1), newMail(3), newMail(2)]);
    const { receipts } = await store.load({ receipts: 2 });
    expect(receipts).toEqual([
      { from: 2, id: uuidOf(3), fingerprint: 3, at: 1_003 },
      { from: 2, id: uuidOf(2), fingerprint: 2, at: 1_002 },
    ]);
  });

  test('creates the server id once', async () => {
    const { serverId } = await load();
    expect(serverId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await reopened();
    expect((await load()).serverId).toBe(serverId);
  });
});

describe('Invitations', () => {
  test('are valid once, until they expire', async () => {
    await store.createInvite(Buffer.from('one'), 100);
    await store.createInvite(Buffer.from('late'), 100);
    expect(await register('tom', { codeHash: Buffer.from('late'), now: 100 })).toBe('invite-invalid');
    const invite = { codeHash: Buffer.from('one'), now: 99 };
    const [first, second] = await Promise.all([register('una', invite), register('vic', invite)]);
    expect([first, second]).toMatchObject([{ username: 'una' }, 'invite-invalid']);
    expect((await load()).accounts.map(({ username }) => username)).toEqual(['una']);
  });

  test('are not used up by a name that is taken, which changes nothing (B1)', async () => {
    await account('kevin');
    await store.createInvite(Buffer.from('one'), 100);
    const invite = { codeHash: Buffer.from('one'), now: 99 };
    expect(await register('kevin', invite)).toBe('taken');
    expect(await store.tokenFamily('family of kevin')).toBeUndefined();
    expect(await register('una', invite)).toMatchObject({ username: 'una' });
    expect(await store.tokenFamily('family of una')).toMatchObject({ deviceId: 'device' });
  });
});
