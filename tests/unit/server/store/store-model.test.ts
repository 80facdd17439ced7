import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Appended, NewMail, RemovedMail, Settlement, Store } from '../../../../server/src/store/store.ts';
import type { SettledStatus } from '../../../../src/shared/protocol/messages.ts';
import { EVERYTHING, newAccount, newMail, StoreFolder } from '../../../support/store-folder.ts';

/** Model of the store: its promises, as simple as possible. */
class Model {
  readonly accounts = new Map<number, string>();
  readonly blocks = new Set<string>();
  readonly receipts = new Map<string, { fingerprint: number; at: number }>();
  mail: (NewMail & { seq: number })[] = [];
  intervals: { account: number; from: number; to: number | null }[] = [];
  #lastAccount = 0;
  settlements: (Omit<Settlement, 'to'> & { sender: number; recipient: number })[] = [];
  #lastSeq = 0;
  #lastSettlement = 0;

  /** Numbers rise, and are never given twice; that of a name which was taken is never given at all. */
  createAccount(name: string): number | undefined {
    const number = ++this.#lastAccount;
    if ([...this.accounts.values()].includes(name)) return undefined;
    this.accounts.set(number, name);
    return number;
  }

  deleteAccount(account: number, at: number): RemovedMail {
    const removed = this.remove(({ to }) => to === account, 'expired', at);
    this.accounts.delete(account);
    this.settlements = this.settlements.filter(({ sender }) => sender !== account);
    this.intervals = this.intervals.filter((interval) => interval.account !== account);
    for (const block of this.blocks) if (block.split('>').includes(String(account))) this.blocks.delete(block);
    for (const key of this.receipts.keys()) if (key.startsWith(`${account}/`)) this.receipts.delete(key);
    return removed;
  }

  append(mail: NewMail): Appended {
    const key = `${mail.from}/${mail.id}`;
    const receipt = this.receipts.get(key);
    if (receipt) {
      return receipt.fingerprint === mail.fingerprint ? { kind: 'duplicate', at: receipt.at } : { kind: 'conflict' };
    }
    this.receipts.set(key, { fingerprint: mail.fingerprint, at: mail.at });
    this.mail.push({ ...mail, seq: ++this.#lastSeq });
    return { kind: 'stored', seq: this.#lastSeq };
  }

  remove(which: (mail: NewMail & { seq: number }) => boolean, status: SettledStatus, at: number): RemovedMail {
    const removed = this.mail.filter(which);
    this.mail = this.mail.filter((mail) => !which(mail));
    for (const { from, to, id } of removed) {
      if (!this.accounts.has(from)) continue;
      this.settlements.push({ sender: from, recipient: to, seq: ++this.#lastSettlement, id, status, at });
    }
    return {
      messages: removed.length,
      bytes: removed.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
      senders: [...new Set(removed.map(({ from }) => from))].toSorted((a, b) => a - b),
    };
  }

  closeIntervals(account: number, to: number): void {
    this.intervals = this.intervals.map((interval) =>
      interval.account === account && interval.to === null
        ? { ...interval, to: Math.max(to, interval.from) }
        : interval,
    );
  }
}

/** Time of each settlement. */
const AT = 5_000;

const person = fc.integer({ min: 1, max: 4 });
const time = fc.integer({ min: 0, max: 50 });
const mail: fc.Arbitrary<NewMail> = fc
  .record({
    to: person,
    from: person,
    n: fc.integer({ min: 0, max: 12 }),
    fingerprint: fc.constantFrom(1, 2),
    at: time,
    text: fc.string({ unit: 'binary', maxLength: 20 }),
  })
  .map(({ n, ...rest }) => newMail(n, rest));

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('append'), mail: fc.array(mail, { maxLength: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('remove'), account: person, through: fc.integer({ min: 0, max: 40 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('confirm-settlements'),
      account: person,
      through: fc.integer({ min: 0, max: 20 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create'), name: fc.constantFrom('a', 'b', 'c', 'd', 'e') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), account: person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('block'), by: person, blocked: person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unblock'), by: person, blocked: person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('arrive'), account: person, at: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave'), account: person, at: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does a write on both, at once; the store's answer comes later. */
function write(
  todo: Exclude<Step, { kind: 'look' | 'restart' }>,
  model: Model,
  store: Store,
): [unknown, Promise<unknown>] {
  switch (todo.kind) {
    case 'append':
      return [todo.mail.map((one) => model.append(one)), store.appendMail(todo.mail)];
    case 'remove':
      return [
        model.remove(({ to, seq }) => to === todo.account && seq <= todo.through, 'delivered', AT),
        store.removeMail(todo.account, todo.through, AT),
      ];
    case 'create':
      return [model.createAccount(todo.name), store.createAccount(newAccount(todo.name)).then((made) => made?.id)];
    case 'delete':
      return [model.deleteAccount(todo.account, AT), store.deleteAccount(todo.account, AT)];
    case 'block':
      model.blocks.add(`${todo.by}>${todo.blocked}`);
      return [
        model.remove(({ to, from }) => to === todo.by && from === todo.blocked, 'withdrawn', AT),
        store.addBlock(todo.by, todo.blocked, AT),
      ];
    case 'confirm-settlements':
      model.settlements = model.settlements.filter(({ sender, seq }) => sender !== todo.account || seq > todo.through);
      return [undefined, store.removeSettlements(todo.account, todo.through)];
    case 'unblock':
      model.blocks.delete(`${todo.by}>${todo.blocked}`);
      return [undefined, store.removeBlock(todo.by, todo.blocked)];
    case 'arrive':
      model.intervals.push({ account: todo.account, from: todo.at, to: null });
      return [undefined, store.openInterval(todo.account, todo.at)];
    case 'leave':
      model.closeIntervals(todo.account, todo.at);
      return [undefined, store.closeInterval(todo.account, todo.at)];
    default:
      throw new Error('no such step');
  }
}

async function expectSame(model: Model, store: Store): Promise<void> {
  for (const account of [1, 2, 3, 4]) {
    const expected = model.mail.filter(({ to }) => to === account);
    expect(await store.readSettlements(account, 0, 1_000)).toEqual(
      model.settlements
        .filter(({ sender }) => sender === account)
        .map(({ seq, id, recipient, status, at }) => ({
          seq,
          id,
          status,
          at,
          to: model.accounts.get(recipient) ?? '',
        })),
    );
    expect(await store.readMail(account, 0, EVERYTHING)).toEqual(
      expected.map(({ seq, from, fromName, id, text, at }) => ({ seq, from, fromName, id, text, at })),
    );
  }
  const state = await store.load({ receipts: 1_000 });
  expect(state.accounts.map(({ id, key }) => [id, key])).toEqual([...model.accounts]);
  expect(new Set(state.blocks.map(({ by, blocked }) => `${by}>${blocked}`))).toEqual(model.blocks);
  expect(
    new Map(state.receipts.map(({ from, id, fingerprint, at }) => [`${from}/${id}`, { fingerprint, at }])),
  ).toEqual(model.receipts);
  expect(state.openIntervals).toEqual(model.intervals.filter(({ to }) => to === null));
  const sizes = [1, 2, 3, 4].flatMap((account) => {
    const texts = model.mail.filter(({ to }) => to === account).map(({ text }) => Buffer.byteLength(text));
    return texts.length > 0 ? [{ account, messages: texts.length, bytes: texts.reduce((sum, n) => sum + n, 0) }] : [];
  });
  expect(state.mailboxes).toEqual(sizes);
}

test('Store has the state and answers of a plain model after any sequence of writes and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const folder = new StoreFolder();
      try {
        const model = new Model();
        let store = await folder.open();
        let pending: { expected: unknown; answer: Promise<unknown> }[] = [];
        for (const todo of [...steps, { kind: 'look' } as const]) {
          if (todo.kind !== 'look' && todo.kind !== 'restart') {
            const [expected, answer] = write(todo, model, store);
            pending.push({ expected, answer });
            continue;
          }
          if (todo.kind === 'restart') {
            await store.close();
            store = await folder.open();
          }
          expect(await Promise.all(pending.map(({ answer }) => answer))).toEqual(
            pending.map(({ expected }) => expected),
          );
          pending = [];
          await expectSame(model, store);
        }
      } finally {
        await folder.cleanUp();
      }
    }),
    { numRuns: 40 },
  );
});
