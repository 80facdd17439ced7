import { DELIVERY_LIMITS, LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, Appended, Mail } from '../store/store.ts';
import type { PendingMessage, PendingRequest, Verdict } from './pending-message.ts';
import type { MailboxSizes } from './mailbox-sizes.ts';
import { RecipientQueue, type SentMessage } from './recipient-queue.ts';
import type { RecentMessages } from './recent-messages.ts';

/** A message on its way to a mailbox. Given back with `Delivery.appended`. */
export interface Append {
  readonly message: PendingMessage;
  readonly epoch: number;
  /** Set where it was already sent on the connection of `epoch`. */
  readonly sent: SentMessage | undefined;
}

/** What delivery needs of the world. Every call returns at once; results come back as calls of `Delivery`. */
export interface DeliveryPort {
  /** Writes `message.new` to the recipient's connection. */
  push(to: AccountId, n: number, message: Pushed, stored: boolean): void;
  /** Tells the sender, on every connection that waits, the message's verdict. */
  answer(message: PendingMessage): void;
  /** Puts a message into the mailbox; must take the text at once. Leads to `appended`, in order. */
  append(append: Append): void;
  /** Reads the next page of a mailbox. Leads to `loaded`. */
  read(account: AccountId, after: number, epoch: number): void;
  /** Removes confirmed messages from a mailbox. */
  remove(account: AccountId, through: number): void;
  /** Whether `by` has blocked `from` (E2, E4). */
  isBlocked(by: AccountId, from: AccountId): boolean;
}

/** What the recipient sees of a message. */
export interface Pushed {
  readonly id: string;
  readonly fromName: string;
  readonly text: string;
  readonly at: number;
}

/**
 * Deliver or store (D1-D6): between two people online a message lives in memory until the recipient's client confirms it;
 * otherwise it goes to the mailbox. Pure: time is an argument, effects go through the port. For each recipient there is
 * one order, the order of acceptance; the mailbox always comes before what is live.
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
   * Looks whether a message was sent before (D3). Asked before anything else of the recipient is: what happened meanwhile,
   * a block for one, does not change the answer to a retry.
   * @returns its answer, `pending` where that is still to come and the request will get it, undefined where it is new
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

  /** Takes a new message of a sender who may write to the recipient. The answer goes to the request, now or later. */
  submit(message: PendingMessage, request: PendingRequest, now: number): void {
    message.requests.push(request);
    this.recent.add(message);
    const queue = this.#queueOf(message.to);
    switch (queue.phase) {
      case 'live':
        if (queue.unconfirmed.length < DELIVERY_LIMITS.liveMessages && queue.liveBytes < DELIVERY_LIMITS.liveBytes) {
          this.#pushLive(queue, message, now);
          break;
        }
        this.#spill(queue);
        this.#append(queue, message, undefined);
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

  /** The account has a connection, and its sign-in was answered: the mailbox comes first (D1). */
  connect(account: AccountId): void {
    const queue = this.#queueOf(account);
    queue.phase = 'draining';
    queue.epoch = ++this.#epochs;
    queue.cursor = queue.removedThrough;
    queue.unread = this.sizes.messages(account) > 0;
    this.#advance(queue);
  }

  /** The account's connection is gone: what it has not confirmed goes to the mailbox, in order (D3). */
  disconnect(account: AccountId): void {
    const queue = this.#queues.get(account);
    if (!queue || queue.phase === 'away') return;
    for (const message of this.#takeOut(queue)) this.#append(queue, message, undefined);
    this.#forgetIfIdle(queue);
  }

  /** The account is gone for good (B7): nothing of it is kept, and senders that still wait are told. */
  forget(account: AccountId): void {
    const queue = this.#queues.get(account);
    this.sizes.forget(account);
    if (!queue) return;
    for (const message of this.#takeOut(queue)) this.#resolve(message, 'no-such-user');
    queue.removedThrough = 0;
    this.#forgetIfIdle(queue);
  }

  /** Ends the connection's part of a postbox. @returns what only memory held, in order */
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
    queue.stalledThrough = 0;
    return left;
  }

  /** The recipient's client has stored everything up to and including `through`. */
  confirm(account: AccountId, through: number): void {
    const queue = this.#queues.get(account);
    if (!queue) return;
    let count = 0;
    let seq = 0;
    for (const sent of queue.unconfirmed) {
      if (sent.n > through) break;
      count++;
      sent.confirmed = true;
      if (sent.stage === 'mail') seq = sent.seq;
      else if (sent.message) {
        if (sent.stage === 'live') queue.liveBytes -= sent.message.bytes;
        this.#resolve(sent.message, 'delivered');
      }
    }
    if (count === 0) return;
    queue.unconfirmed = count === queue.unconfirmed.length ? [] : queue.unconfirmed.slice(count);
    this.#remove(queue, seq);
    this.#advance(queue);
  }

  /** What became of an append; undefined where the disk refused it. */
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

  /** A page of the mailbox that `read` asked for; undefined where it could not be read. */
  loaded(account: AccountId, epoch: number, page: readonly Mail[] | undefined, now: number): void {
    const queue = this.#queues.get(account);
    if (queue?.epoch !== epoch) return;
    queue.reading = false;
    if (page === undefined) {
      // Not advanced here: the next tick tries again.
      queue.unread = true;
      return;
    }
    for (const mail of page) {
      queue.cursor = mail.seq;
      // Blocked after it was accepted: not delivered (E4); it is removed with the next confirmation.
      if (this.port.isBlocked(account, mail.from)) continue;
      const n = ++queue.n;
      queue.unconfirmed.push({ n, at: now, message: undefined, stage: 'mail', seq: mail.seq, confirmed: false });
      this.port.push(account, n, mail, true);
    }
    if (page.length > 0) queue.unread = true;
    this.#advance(queue);
  }

  /** Lets deadlines pass: what is not confirmed in time goes to the mailbox, and its sender is told. */
  tick(now: number): void {
    for (const queue of this.#queues.values()) {
      if (queue.phase === 'live') {
        const oldest = queue.unconfirmed.find((sent) => sent.stage === 'live');
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#spill(queue);
      } else if (queue.phase === 'joining') {
        const oldest = queue.held[0];
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#giveUpJoining(queue);
      }
      // Where a page could not be read, it is asked for again.
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

  #pushLive(queue: RecipientQueue, message: PendingMessage, now: number): void {
    const n = ++queue.n;
    queue.unconfirmed.push({ n, at: now, message, stage: 'live', seq: 0, confirmed: false });
    queue.liveBytes += message.bytes;
    this.port.push(queue.account, n, message, false);
  }

  /** The connected side is behind: what only memory holds goes to the mailbox, ahead of anything newer. */
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
    const refusal = this.port.isBlocked(message.to, message.from)
      ? 'blocked'
      : this.sizes.reserve(message.to, message.bytes)
        ? undefined
        : 'mailbox-full';
    if (refusal) {
      if (sent) sent.stage = 'done';
      this.#resolve(message, refusal);
      return;
    }
    queue.appending++;
    this.port.append({ message, epoch: queue.epoch, sent });
  }

  #remove(queue: RecipientQueue, through: number): void {
    if (through <= queue.removedThrough) return;
    queue.removedThrough = through;
    this.port.remove(queue.account, through);
  }

  /** Takes the next step from the mailbox towards live, where one can be taken. */
  #advance(queue: RecipientQueue): void {
    if (queue.phase !== 'draining' && queue.phase !== 'joining') return;
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
      else this.#pushLive(queue, message, message.at);
    }
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
