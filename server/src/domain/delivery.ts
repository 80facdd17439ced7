import { DELIVERY_LIMITS, LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, Appended, Mail, Settlement } from '../store/store.ts';
import type { PendingMessage, PendingRequest, Verdict } from './pending-message.ts';
import type { MailboxSizes } from './mailbox-sizes.ts';
import { RecipientQueue, type SentMessage } from './recipient-queue.ts';
import type { RecentMessages } from './recent-messages.ts';

/** A message on its way to a mailbox. The port returns it with `Delivery.appended`. */
export interface Append {
  readonly message: PendingMessage;
  readonly epoch: number;
  /** Set if the message was already sent on the connection of `epoch`. */
  readonly sent: SentMessage | undefined;
}

/** Effects of delivery. Every call returns at once; results come back as calls of `Delivery`. */
export interface DeliveryPort {
  /** Writes `message.new` to the recipient's connection. */
  push(to: AccountId, n: number, message: Pushed, stored: boolean): void;
  /** Answers every pending request of the message with its verdict. */
  answer(message: PendingMessage): void;
  /** Appends a message to the mailbox and copies its text at once. Leads to `appended`, in order. */
  append(append: Append): void;
  /** Reads the next page of a mailbox. Leads to `loaded`. */
  read(account: AccountId, after: number, epoch: number): void;
  /** Removes confirmed messages from a mailbox. Leads to `settled` for their senders, or to `removalFailed`. */
  remove(account: AccountId, through: number): void;
  /** Removes messages of a blocked sender from a mailbox (E4). Leads to `settled`. */
  withdraw(account: AccountId, from: AccountId): void;
  /** Writes `message.settled` to the sender's connection (D2). */
  pushSettlement(to: AccountId, n: number, settlement: Settlement): void;
  /** Reads the next page of a sender's settlements. Leads to `settlementsLoaded`. */
  readSettlements(account: AccountId, after: number, epoch: number): void;
  /** Removes confirmed settlements of a sender. */
  removeSettlements(account: AccountId, through: number): void;
  /** Whether the recipient's connection has not taken what was sent before; `drained` follows. */
  isCongested(account: AccountId): boolean;
  /** Whether an account still exists. */
  isKnown(account: AccountId): boolean;
  /** Whether `by` has blocked `from` (E2, E4). */
  isBlocked(by: AccountId, from: AccountId): boolean;
}

/** The part of a message that the recipient gets. */
export interface Pushed {
  readonly id: string;
  readonly fromName: string;
  readonly text: string;
  readonly at: number;
}

/**
 * Delivers or stores messages (D1-D6). A message to an online user stays in memory until the recipient's client
 * confirms it; any other message goes to the mailbox. Pure: time is an argument, effects go through the port. Each
 * recipient gets messages in the order of acceptance, so the mailbox always comes before live messages.
 */
export class Delivery {
  readonly #queues = new Map<AccountId, RecipientQueue>();
  #epochs = 0;

  constructor(
    private readonly port: DeliveryPort,
    private readonly recent: RecentMessages,
    private readonly sizes: MailboxSizes,
  ) {}

  /**
   * Recognises a retry (D3). Called before any other check, because later events, such as a block, do not change the
   * answer to a retry.
   * @returns the known answer; `pending` if it is still to come and `request` will get it; undefined for a new message
   */
  recognise(
    message: PendingMessage,
    request: PendingRequest,
  ): { verdict: Verdict; at: number } | 'pending' | undefined {
    const known = this.recent.find(message.from, message.id);
    if (!known) return undefined;
    if (known.fingerprint !== message.fingerprint) return { verdict: 'id-conflict', at: known.at };
    if (known.verdict) return { verdict: known.verdict, at: known.at };
    known.requests.push(request);
    return 'pending';
  }

  /**
   * Accepts a new message. The caller has checked that the sender may write to the recipient. `request` gets the
   * answer.
   */
  submit(message: PendingMessage, request: PendingRequest, now: number): void {
    message.requests.push(request);
    this.recent.add(message);
    const queue = this.#queueOf(message.to);
    switch (queue.phase) {
      case 'live':
        this.#deliver(queue, message, now);
        break;
      case 'joining':
        queue.held.push(message);
        if (queue.held.length >= DELIVERY_LIMITS.heldMessages) this.#giveUpJoining(queue);
        break;
      case 'away':
      case 'draining':
        this.#append(queue, message, undefined);
        break;
    }
  }

  /** Starts delivery to a new session, with the mailbox first (D1). Called after the answer to the sign-in. */
  connect(account: AccountId): void {
    const queue = this.#queueOf(account);
    queue.phase = 'draining';
    queue.epoch = ++this.#epochs;
    queue.cursor = queue.removedThrough;
    queue.unread = this.sizes.messages(account) > 0;
    queue.settlements.cursor = queue.settlements.removedThrough;
    queue.settlements.unread = true;
    this.#advance(queue);
  }

  /** Moves unconfirmed messages of a closed connection to the mailbox, in order (D3). */
  disconnect(account: AccountId): void {
    const queue = this.#queues.get(account);
    if (!queue || queue.phase === 'away') return;
    for (const message of this.#takeOut(queue)) this.#append(queue, message, undefined);
    this.#forgetIfIdle(queue);
  }

  /** Drops everything of a deleted account (B7) and answers the senders that still wait. */
  forget(account: AccountId): void {
    const queue = this.#queues.get(account);
    this.sizes.forget(account);
    if (!queue) return;
    for (const message of this.#takeOut(queue)) this.#resolve(message, 'no-such-user');
    queue.removedThrough = 0;
    queue.unremovedThrough = 0;
    queue.settlements.removedThrough = 0;
    this.#forgetIfIdle(queue);
  }

  /** Resets a queue to `away`. @returns the messages that were in memory only, in order */
  #takeOut(queue: RecipientQueue): PendingMessage[] {
    const left = queue.unconfirmed.flatMap((sent) => (sent.stage === 'live' && sent.message ? [sent.message] : []));
    left.push(...queue.held);
    queue.phase = 'away';
    queue.epoch = ++this.#epochs;
    queue.n = 0;
    queue.unconfirmed = [];
    queue.held = [];
    queue.liveBytes = 0;
    queue.reading = false;
    queue.settlements.reading = false;
    queue.stalledThrough = 0;
    return left;
  }

  /** The recipient's connection has taken everything that was sent before: more can follow. */
  drained(account: AccountId): void {
    const queue = this.#queues.get(account);
    if (queue) this.#advance(queue);
  }

  /** Confirms that the client has stored all messages and settlements up to `through`. */
  confirm(account: AccountId, through: number): void {
    const queue = this.#queues.get(account);
    if (!queue) return;
    let count = 0;
    let seq = 0;
    let settledSeq = 0;
    for (const sent of queue.unconfirmed) {
      if (sent.n > through) break;
      count++;
      sent.confirmed = true;
      if (sent.stage === 'mail') seq = sent.seq;
      else if (sent.stage === 'settlement') settledSeq = sent.seq;
      else if (sent.message) {
        if (sent.stage === 'live') queue.liveBytes -= sent.message.bytes;
        this.#resolve(sent.message, 'delivered');
      }
    }
    if (count === 0) return;
    queue.unconfirmed = count === queue.unconfirmed.length ? [] : queue.unconfirmed.slice(count);
    this.#remove(queue, seq);
    if (settledSeq > queue.settlements.removedThrough) {
      queue.settlements.removedThrough = settledSeq;
      this.port.removeSettlements(account, settledSeq);
    }
    this.#advance(queue);
  }

  /** Called after the settlement of messages that `sender` has sent. */
  settled(sender: AccountId): void {
    const queue = this.#queues.get(sender);
    if (!queue || queue.phase === 'away') return;
    queue.settlements.unread = true;
    this.#advanceSettlements(queue);
  }

  /** Result of `readSettlements`: a page, or undefined if it could not be read. */
  settlementsLoaded(account: AccountId, epoch: number, page: readonly Settlement[] | undefined, now: number): void {
    const queue = this.#queues.get(account);
    if (queue?.epoch !== epoch) return;
    const { settlements } = queue;
    settlements.reading = false;
    if (page === undefined) {
      settlements.unread = true;
      return;
    }
    for (const settlement of page) {
      if (this.port.isCongested(account)) break;
      const { seq } = settlement;
      settlements.cursor = seq;
      const n = ++queue.n;
      queue.unconfirmed.push({ n, at: now, message: undefined, stage: 'settlement', seq, confirmed: false });
      this.port.pushSettlement(account, n, settlement);
    }
    if (page.length > 0) settlements.unread = true;
    this.#advanceSettlements(queue);
  }

  /** The disk has refused to remove confirmed messages; the next tick tries again. */
  removalFailed(account: AccountId, through: number): void {
    const queue = this.#queues.get(account);
    if (queue) queue.unremovedThrough = Math.max(queue.unremovedThrough, through);
  }

  /** Result of `append`; undefined if the disk failed. */
  appended(append: Append, outcome: Appended | undefined): void {
    const { message, sent } = append;
    const queue = this.#queueOf(message.to);
    const current = append.epoch === queue.epoch;
    queue.appending--;
    if (outcome?.kind !== 'stored') this.sizes.release(message.to, { messages: 1, bytes: message.bytes });
    if (outcome?.kind === 'stored') {
      if (!sent) queue.unread = true;
      else this.#spilled(queue, sent, outcome.seq, current);
    } else if (sent) sent.stage = 'done';
    if (outcome?.kind === 'duplicate') message.at = outcome.at;
    this.#resolve(message, outcome === undefined ? 'storage' : outcome.kind === 'conflict' ? 'id-conflict' : 'stored');
    this.#advance(queue);
    this.#forgetIfIdle(queue);
  }

  /** Result of `read`: a page of the mailbox, or undefined if it could not be read. */
  loaded(account: AccountId, epoch: number, page: readonly Mail[] | undefined, now: number): void {
    const queue = this.#queues.get(account);
    if (queue?.epoch !== epoch) return;
    queue.reading = false;
    if (page === undefined) {
      // No retry here: the next tick reads again.
      queue.unread = true;
      return;
    }
    for (const mail of page) {
      // The rest of the page is read again when the client has taken this part.
      if (this.port.isCongested(account)) break;
      queue.cursor = mail.seq;
      // The sender was blocked after acceptance, so the message is not delivered (E4).
      if (this.port.isBlocked(account, mail.from)) {
        this.port.withdraw(account, mail.from);
        continue;
      }
      const n = ++queue.n;
      queue.unconfirmed.push({ n, at: now, message: undefined, stage: 'mail', seq: mail.seq, confirmed: false });
      this.port.push(account, n, mail, true);
    }
    if (page.length > 0) queue.unread = true;
    this.#advance(queue);
  }

  /** Moves messages that were not confirmed in time to the mailbox, and answers their senders. */
  tick(now: number): void {
    for (const queue of this.#queues.values()) {
      if (queue.phase === 'live') {
        const oldest = queue.unconfirmed.find((sent) => sent.stage === 'live');
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#spill(queue);
      } else if (queue.phase === 'joining') {
        const oldest = queue.held[0];
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#giveUpJoining(queue);
      }
      if (queue.unremovedThrough > 0) {
        const through = queue.unremovedThrough;
        queue.unremovedThrough = 0;
        this.port.remove(queue.account, through);
      }
      // Repeats a failed read of a page.
      this.#advance(queue);
    }
  }

  #queueOf(account: AccountId): RecipientQueue {
    let queue = this.#queues.get(account);
    if (!queue) {
      queue = new RecipientQueue(account);
      this.#queues.set(account, queue);
    }
    return queue;
  }

  /** Sends a message to a live queue; if its client takes no more, everything from here on goes to the mailbox. */
  #deliver(queue: RecipientQueue, message: PendingMessage, now: number): void {
    const { unconfirmed, liveBytes, account } = queue;
    const hasRoom = unconfirmed.length < DELIVERY_LIMITS.liveMessages && liveBytes < DELIVERY_LIMITS.liveBytes;
    if (queue.phase === 'live' && hasRoom && !this.port.isCongested(account)) {
      this.#pushLive(queue, message, now);
      return;
    }
    if (queue.phase === 'live') this.#spill(queue);
    this.#append(queue, message, undefined);
  }

  #pushLive(queue: RecipientQueue, message: PendingMessage, now: number): void {
    const n = ++queue.n;
    queue.unconfirmed.push({ n, at: now, message, stage: 'live', seq: 0, confirmed: false });
    queue.liveBytes += message.bytes;
    this.port.push(queue.account, n, message, false);
  }

  /** Moves live messages of a slow client to the mailbox, ahead of newer ones. */
  #spill(queue: RecipientQueue): void {
    queue.phase = 'draining';
    queue.stalledThrough = queue.n;
    queue.liveBytes = 0;
    for (const sent of queue.unconfirmed) {
      if (sent.stage !== 'live' || !sent.message) continue;
      sent.stage = 'spilling';
      this.#append(queue, sent.message, sent);
    }
  }

  #spilled(queue: RecipientQueue, sent: SentMessage, seq: number, current: boolean): void {
    sent.stage = 'mail';
    sent.seq = seq;
    if (current) queue.cursor = Math.max(queue.cursor, seq);
    if (sent.confirmed) this.#remove(queue, seq);
    else if (!current) queue.unread = true;
  }

  #giveUpJoining(queue: RecipientQueue): void {
    const held = queue.held;
    queue.held = [];
    queue.phase = 'draining';
    for (const message of held) this.#append(queue, message, undefined);
  }

  #append(queue: RecipientQueue, message: PendingMessage, sent: SentMessage | undefined): void {
    const refusal = this.#refusalOf(message);
    if (refusal) {
      if (sent) sent.stage = 'done';
      this.#resolve(message, refusal);
      return;
    }
    queue.appending++;
    this.port.append({ message, epoch: queue.epoch, sent });
  }

  /** Reserves room in the mailbox, or gives the reason why the message may not be stored. */
  #refusalOf({ to, from, bytes }: PendingMessage): Verdict | undefined {
    if (!this.port.isKnown(to)) return 'no-such-user';
    if (this.port.isBlocked(to, from)) return 'blocked';
    return this.sizes.reserve(to, bytes) ? undefined : 'mailbox-full';
  }

  #remove(queue: RecipientQueue, through: number): void {
    if (through <= queue.removedThrough) return;
    queue.removedThrough = through;
    this.port.remove(queue.account, through);
  }

  /** Takes the next possible step from the mailbox towards live delivery. */
  #advance(queue: RecipientQueue): void {
    this.#advanceSettlements(queue);
    if (queue.phase !== 'draining' && queue.phase !== 'joining') return;
    if (this.port.isCongested(queue.account)) return;
    if (queue.reading || queue.unconfirmed.length >= DELIVERY_LIMITS.windowMessages) return;
    if (queue.unread) {
      queue.unread = false;
      queue.reading = true;
      this.port.read(queue.account, queue.cursor, queue.epoch);
      return;
    }
    const [oldest] = queue.unconfirmed;
    if (oldest && oldest.n <= queue.stalledThrough) return;
    if (queue.appending > 0) {
      queue.phase = 'joining';
      return;
    }
    queue.phase = 'live';
    const held = queue.held;
    queue.held = [];
    for (const message of held) {
      if (this.port.isBlocked(message.to, message.from)) this.#resolve(message, 'blocked');
      else this.#deliver(queue, message, message.at);
    }
  }

  #advanceSettlements(queue: RecipientQueue): void {
    const { settlements } = queue;
    if (queue.phase === 'away' || !settlements.unread || settlements.reading) return;
    if (queue.unconfirmed.length >= DELIVERY_LIMITS.windowMessages || this.port.isCongested(queue.account)) return;
    settlements.unread = false;
    settlements.reading = true;
    this.port.readSettlements(queue.account, settlements.cursor, queue.epoch);
  }

  #resolve(message: PendingMessage, verdict: Verdict): void {
    if (message.verdict) return;
    message.verdict = verdict;
    if (verdict !== 'delivered' && verdict !== 'stored') this.recent.remove(message);
    this.port.answer(message);
    message.requests = [];
    message.text = '';
  }

  #forgetIfIdle(queue: RecipientQueue): void {
    if (queue.isIdle) this.#queues.delete(queue.account);
  }
}
