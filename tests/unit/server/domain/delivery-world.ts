import { type Append, Delivery, type DeliveryPort } from '../../../../server/src/domain/delivery.ts';
import {
  type PendingMessage,
  fingerprintOf,
  type PendingRequest,
  type Verdict,
} from '../../../../server/src/domain/pending-message.ts';
import { MailboxSizes } from '../../../../server/src/domain/mailbox-sizes.ts';
import { RecentMessages } from '../../../../server/src/domain/recent-messages.ts';
import type { Appended, Mail, Settlement } from '../../../../server/src/store/store.ts';
import { LIMITS } from '../../../../src/shared/limits.ts';

const RECIPIENT = 9;
/** Unread messages from which the client is congested. */
const CONGESTED = 2;

export type Step =
  | { kind: 'send'; from: number }
  | { kind: 'confirm'; part: number }
  | { kind: 'wait'; ms: number }
  | {
      kind:
        | 'settle'
        | 'read-settlements'
        | 'connect'
        | 'disconnect'
        | 'store'
        | 'store-fails'
        | 'read'
        | 'read-fails'
        | 'retry'
        | 'stick'
        | 'drain';
    };

interface Row extends Mail {
  readonly fingerprint: number;
}

/** Everything around `Delivery`, as a model: one recipient, two senders, a disk that takes its time. */
export class World implements DeliveryPort {
  readonly problems: string[] = [];
  mostStored = 0;
  #now = 1_000_000;
  #counter = 0;
  #seq = 0;
  #connected = false;
  #epochPushes: { n: number; id: string; from: number }[] = [];
  #confirmedN = 0;
  /** Whether the client does not read, and how much waits for it then. */
  #stuck = false;
  #unsent = 0;
  /** Ids that the recipient's client has stored, in order of first storing. */
  readonly #seen: { id: string; from: number }[] = [];
  readonly #answers = new Map<string, Verdict>();
  readonly #sent: { id: string; from: number; text: string }[] = [];
  #disk: Row[] = [];
  readonly #receipts = new Map<string, { fingerprint: number; at: number }>();
  #work: ({ kind: 'append'; append: Append; row: Omit<Row, 'seq'> } | { kind: 'remove'; through: number })[] = [];
  #reads: { after: number; epoch: number }[] = [];
  /** Settlements of messages that the recipient has sent: on disk, and those that its client has stored. */
  #settlements: Settlement[] = [];
  readonly #settled = new Set<string>();
  #settlementSeq = 0;
  #settlementReads: { after: number; epoch: number }[] = [];
  readonly #sizes: MailboxSizes;
  readonly #delivery: Delivery;
  readonly #fromOf = new Map<string, number>();

  constructor(options: { mailboxMessages?: number } = {}) {
    this.#sizes = new MailboxSizes([], { messages: options.mailboxMessages ?? 10_000, bytes: 1e9 });
    this.#delivery = new Delivery(this, new RecentMessages([]), this.#sizes);
  }

  run(step: Step): void {
    switch (step.kind) {
      case 'send':
        this.#send(step.from);
        break;
      case 'retry':
        this.#retry();
        break;
      case 'connect':
        this.#connect();
        break;
      case 'disconnect':
        this.#disconnect();
        break;
      case 'confirm':
        this.#confirm(step.part);
        break;
      case 'store':
        this.#store(true);
        break;
      case 'store-fails':
        this.#store(false);
        break;
      case 'read':
        this.#read(true);
        break;
      case 'read-fails':
        this.#read(false);
        break;
      case 'stick':
        this.#stuck = this.#connected;
        break;
      case 'drain':
        this.#drain();
        break;
      case 'settle': {
        const seq = ++this.#settlementSeq;
        this.#settlements.push({ seq, id: `own ${seq}`, to: 'x', status: 'delivered', at: this.#now });
        this.#delivery.settled(RECIPIENT);
        break;
      }
      case 'read-settlements':
        this.#readSettlements();
        break;
      case 'wait':
        this.#now += step.ms;
        this.#delivery.tick(this.#now);
        break;
    }
  }

  /** Lets everything come to rest: the disk works, the recipient stays and confirms; then looks at what must hold. */
  settle(): void {
    this.#connect();
    this.#drain();
    for (let round = 0; round < 1_000; round++) {
      while (this.#work.length > 0) this.#store(true);
      while (this.#reads.length > 0) this.#read(true);
      while (this.#settlementReads.length > 0) this.#readSettlements();
      this.#confirm(1);
      this.#now += LIMITS.confirmMs;
      this.#delivery.tick(this.#now);
      if (this.#work.length === 0 && this.#reads.length === 0 && this.#settlementReads.length === 0) break;
    }
    const seen = new Set(this.#seen.map((message) => message.id));
    for (const { id } of this.#sent) {
      const answer = this.#answers.get(id);
      if (!answer) this.problems.push(`no answer for ${id}`);
      if ((answer === 'delivered' || answer === 'stored') && !seen.has(id))
        this.problems.push(`${answer}, but lost: ${id}`);
    }
    for (const from of [1, 2]) {
      const order = this.#seen.filter((message) => message.from === from).map((message) => Number(message.id));
      // A message refused for the moment and seen all the same, or sent again, is the sender's to order.
      const safe = order.filter((id) => ['delivered', 'stored'].includes(this.#answers.get(String(id)) ?? ''));
      const sorted = safe.toSorted((a, b) => a - b);
      if (safe.join() !== sorted.join()) this.problems.push(`order of ${from}: ${safe.join()}`);
    }
    for (let seq = 1; seq <= this.#settlementSeq; seq++) {
      if (!this.#settled.has(`own ${seq}`)) this.problems.push(`settlement lost: ${seq}`);
    }
    if (this.#settlements.length > 0) this.problems.push(`settlements left: ${this.#settlements.length}`);
    if (this.#disk.length > 0) this.problems.push(`left in the mailbox: ${this.#disk.map((row) => row.id).join()}`);
    if (this.#sizes.messages(RECIPIENT) !== 0)
      this.problems.push('the mailbox is empty, and counted as if it were not');
  }

  push(_to: number, n: number, message: { id: string; text: string }, stored: boolean): void {
    const from = this.#fromOf.get(message.id) ?? 0;
    this.#offer(message.id);
    if (!this.#connected) this.problems.push(`pushed ${message.id} to nobody`);
    if (message.text !== `text ${message.id}`) this.problems.push(`text of ${message.id}: ${message.text} (${stored})`);
    if (n !== this.#epochPushes.length + 1) this.problems.push(`n ${n} after ${this.#epochPushes.length}`);
    if (this.#epochPushes.some((pushed) => pushed.id === message.id)) this.problems.push(`twice: ${message.id}`);
    this.#epochPushes.push({ n, id: message.id, from });
  }

  answer(message: PendingMessage): void {
    if (!message.verdict) return;
    for (const _ of message.requests) this.#answers.set(message.id, message.verdict);
    if (message.verdict === 'stored' && !this.#receipts.has(message.id)) {
      this.problems.push(`told stored, but was not: ${message.id}`);
    }
    const confirmed = this.#epochPushes
      .filter((pushed) => pushed.n <= this.#confirmedN)
      .some(({ id }) => id === message.id);
    if (message.verdict === 'delivered' && !confirmed) this.problems.push(`told delivered, but was not: ${message.id}`);
  }

  append(append: Append): void {
    const { id, from, fromName, text, at, fingerprint } = append.message;
    this.#work.push({ kind: 'append', append, row: { id, from, fromName, text, at, fingerprint } });
  }

  read(_account: number, after: number, epoch: number): void {
    this.#reads.push({ after, epoch });
  }

  remove(_account: number, through: number): void {
    this.#work.push({ kind: 'remove', through });
  }

  withdraw(): void {
    this.problems.push('withdrawn, but nobody is blocked');
  }

  pushSettlement(_to: number, n: number, { id }: Settlement): void {
    this.#offer(id);
    if (!this.#connected) this.problems.push(`settlement ${id} without a connection`);
    if (n !== this.#epochPushes.length + 1) this.problems.push(`n ${n} after ${this.#epochPushes.length}`);
    if (this.#epochPushes.some((pushed) => pushed.id === id)) this.problems.push(`twice: ${id}`);
    this.#epochPushes.push({ n, id, from: 0 });
  }

  readSettlements(_account: number, after: number, epoch: number): void {
    this.#settlementReads.push({ after, epoch });
  }

  removeSettlements(_account: number, through: number): void {
    for (const { seq, id } of this.#settlements) {
      if (seq <= through && !this.#settled.has(id)) this.problems.push(`removed unconfirmed settlement: ${id}`);
    }
    this.#settlements = this.#settlements.filter(({ seq }) => seq > through);
  }

  isCongested(): boolean {
    return this.#unsent >= CONGESTED;
  }

  isKnown(): boolean {
    return true;
  }

  isBlocked(): boolean {
    return false;
  }

  #send(from: number): void {
    const id = String(++this.#counter);
    this.#sent.push({ id, from, text: `text ${id}` });
    this.#fromOf.set(id, from);
    this.#submit(id, from);
  }

  /** A sender that got no answer, or a refusal that passes, sends its oldest such message again under the same id. */
  #retry(): void {
    const open = this.#sent.find(({ id }) => !this.#answers.has(id));
    if (open) this.#submit(open.id, open.from);
  }

  #submit(id: string, from: number): void {
    const text = `text ${id}`;
    const request: PendingRequest = { connection: this, request: id };
    const message: PendingMessage = {
      id,
      from,
      fromName: `sender ${from}`,
      to: RECIPIENT,
      text,
      bytes: text.length,
      fingerprint: fingerprintOf(RECIPIENT, text),
      at: this.#now,
      verdict: undefined,
      requests: [],
    };
    const known = this.#delivery.recognise(message, request);
    if (known === undefined) this.#delivery.submit(message, request, this.#now);
    else if (known !== 'pending') this.#answers.set(id, known.verdict);
  }

  /** Notes what goes to a client that does not read. */
  #offer(id: string): void {
    if (this.isCongested()) this.problems.push(`pushed ${id} to a client that takes nothing`);
    if (this.#stuck) this.#unsent++;
  }

  #drain(): void {
    this.#stuck = false;
    this.#unsent = 0;
    if (this.#connected) this.#delivery.drained(RECIPIENT);
  }

  #connect(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#epochPushes = [];
    this.#confirmedN = 0;
    this.#delivery.connect(RECIPIENT);
  }

  #disconnect(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#stuck = false;
    this.#unsent = 0;
    this.#delivery.disconnect(RECIPIENT);
    this.#epochPushes = [];
    this.#confirmedN = 0;
  }

  #confirm(part: number): void {
    if (!this.#connected) return;
    const through = this.#confirmedN + Math.ceil((this.#epochPushes.length - this.#confirmedN) * part);
    for (const { id, from } of this.#epochPushes.slice(this.#confirmedN, through)) {
      if (id.startsWith('own ')) {
        this.#settled.add(id);
        continue;
      }
      // The client recognises what it has (D3).
      if (!this.#seen.some((message) => message.id === id)) this.#seen.push({ id, from });
    }
    this.#confirmedN = through;
    this.#delivery.confirm(RECIPIENT, through);
  }

  #store(works: boolean): void {
    const job = this.#work.shift();
    if (!job) return;
    if (job.kind === 'remove') {
      if (!works) {
        this.#delivery.removalFailed(RECIPIENT, job.through);
        return;
      }
      const removed = this.#disk.filter((row) => row.seq <= job.through);
      for (const { id } of removed) {
        if (!this.#seen.some((message) => message.id === id)) this.problems.push(`removed unconfirmed: ${id}`);
      }
      this.#disk = this.#disk.filter((row) => row.seq > job.through);
      const bytes = removed.reduce((sum, row) => sum + row.text.length, 0);
      this.#sizes.release(RECIPIENT, { messages: removed.length, bytes });
      return;
    }
    this.#delivery.appended(job.append, works ? this.#insert(job.row) : undefined);
    this.mostStored = Math.max(this.mostStored, this.#disk.length);
  }

  #insert(row: Omit<Row, 'seq'>): Appended {
    const known = this.#receipts.get(row.id);
    if (known)
      return known.fingerprint === row.fingerprint ? { kind: 'duplicate', at: known.at } : { kind: 'conflict' };
    this.#receipts.set(row.id, { fingerprint: row.fingerprint, at: row.at });
    const seq = ++this.#seq;
    this.#disk.push({ ...row, seq });
    return { kind: 'stored', seq };
  }

  #readSettlements(): void {
    const job = this.#settlementReads.shift();
    if (!job) return;
    const page = this.#settlements.filter(({ seq }) => seq > job.after).slice(0, 2);
    this.#delivery.settlementsLoaded(RECIPIENT, job.epoch, page, this.#now);
  }

  #read(works: boolean): void {
    const job = this.#reads.shift();
    if (!job) return;
    const page = this.#disk.filter((row) => row.seq > job.after).slice(0, 3);
    this.#delivery.loaded(RECIPIENT, job.epoch, works ? page : undefined, this.#now);
  }
}
