import { LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, Appended, Mail } from '../store/store.ts';
import type { PendingMessage, PendingRequest, Verdict } from './pending-message.ts';
import type { MailboxSizes } from './mailbox-sizes.ts';
import { Postbox, type Sent } from './postbox.ts';
import type { RecentMessages } from './recent-messages.ts';

/** Mailbox messages that one connection may have unconfirmed before it gets more. */
const WINDOW_MESSAGES = 256;
/** What one read of the mailbox takes at the most. */
export const PAGE = { messages: 64, bytes: 256 * 1024 };
/** Unconfirmed messages of one recipient that memory holds; over it they go to the mailbox at once. */
const LIVE_MESSAGES = 4_096;
const LIVE_BYTES = 4 * 1024 * 1024;
const HELD_MESSAGES = 512;

/** A message on its way to a mailbox. Given back with `Delivery.appended`. */
export interface Append {
  readonly message: PendingMessage;
  readonly epoch: number;
  /** Set where it was already sent on the connection of `epoch`. */
  readonly sent: Sent | undefined;
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
  readonly #boxes = new Map<AccountId, Postbox>();
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
    const box = this.#box(message.to);
    switch (box.phase) {
      case 'live':
        if (box.unconfirmed.length < LIVE_MESSAGES && box.liveBytes < LIVE_BYTES) {
          this.#pushLive(box, message, now);
          break;
        }
        this.#spill(box);
        this.#append(box, message, undefined);
        break;
      case 'joining':
        box.held.push(message);
        if (box.held.length >= HELD_MESSAGES) this.#giveUpJoining(box);
        break;
      case 'away':
      case 'draining':
        this.#append(box, message, undefined);
        break;
    }
  }

  /** The account has a connection, and its sign-in was answered: the mailbox comes first (D1). */
  connect(account: AccountId): void {
    const box = this.#box(account);
    box.phase = 'draining';
    box.epoch = ++this.#epochs;
    box.cursor = box.removedThrough;
    box.unread = this.sizes.messages(account) > 0;
    this.#advance(box);
  }

  /** The account's connection is gone: what it has not confirmed goes to the mailbox, in order (D3). */
  disconnect(account: AccountId): void {
    const box = this.#boxes.get(account);
    if (!box || box.phase === 'away') return;
    for (const message of this.#takeOut(box)) this.#append(box, message, undefined);
    this.#forgetIfIdle(box);
  }

  /** The account is gone for good (B7): nothing of it is kept, and senders that still wait are told. */
  forget(account: AccountId): void {
    const box = this.#boxes.get(account);
    this.sizes.forget(account);
    if (!box) return;
    for (const message of this.#takeOut(box)) this.#resolve(message, 'no-such-user');
    box.removedThrough = 0;
    this.#forgetIfIdle(box);
  }

  /** Ends the connection's part of a postbox. @returns what only memory held, in order */
  #takeOut(box: Postbox): PendingMessage[] {
    const left = box.unconfirmed.flatMap((sent) => (sent.stage === 'live' && sent.message ? [sent.message] : []));
    left.push(...box.held);
    box.phase = 'away';
    box.epoch = ++this.#epochs;
    box.n = 0;
    box.unconfirmed = [];
    box.held = [];
    box.liveBytes = 0;
    box.reading = false;
    box.stalledThrough = 0;
    return left;
  }

  /** The recipient's client has stored everything up to and including `through`. */
  confirm(account: AccountId, through: number): void {
    const box = this.#boxes.get(account);
    if (!box) return;
    let count = 0;
    let seq = 0;
    for (const sent of box.unconfirmed) {
      if (sent.n > through) break;
      count++;
      sent.confirmed = true;
      if (sent.stage === 'mail') seq = sent.seq;
      else if (sent.message) {
        if (sent.stage === 'live') box.liveBytes -= sent.message.bytes;
        this.#resolve(sent.message, 'delivered');
      }
    }
    if (count === 0) return;
    box.unconfirmed = count === box.unconfirmed.length ? [] : box.unconfirmed.slice(count);
    this.#remove(box, seq);
    this.#advance(box);
  }

  /** What became of an append; undefined where the disk refused it. */
  appended(append: Append, outcome: Appended | undefined): void {
    const { message, sent } = append;
    const box = this.#box(message.to);
    const current = append.epoch === box.epoch;
    box.appending--;
    if (outcome?.kind !== 'stored') this.sizes.release(message.to, { messages: 1, bytes: message.bytes });
    if (outcome?.kind === 'stored') {
      if (!sent) box.unread = true;
      else this.#spilled(box, sent, outcome.seq, current);
    } else if (sent) sent.stage = 'done';
    if (outcome?.kind === 'duplicate') message.at = outcome.at;
    this.#resolve(message, outcome === undefined ? 'storage' : outcome.kind === 'conflict' ? 'id-conflict' : 'stored');
    this.#advance(box);
    this.#forgetIfIdle(box);
  }

  /** A page of the mailbox that `read` asked for; undefined where it could not be read. */
  loaded(account: AccountId, epoch: number, page: readonly Mail[] | undefined, now: number): void {
    const box = this.#boxes.get(account);
    if (box?.epoch !== epoch) return;
    box.reading = false;
    if (page === undefined) {
      // Not advanced here: the next tick tries again.
      box.unread = true;
      return;
    }
    for (const mail of page) {
      box.cursor = mail.seq;
      // Blocked after it was accepted: not delivered (E4); it is removed with the next confirmation.
      if (this.port.isBlocked(account, mail.from)) continue;
      const n = ++box.n;
      box.unconfirmed.push({ n, at: now, message: undefined, stage: 'mail', seq: mail.seq, confirmed: false });
      this.port.push(account, n, mail, true);
    }
    if (page.length > 0) box.unread = true;
    this.#advance(box);
  }

  /** Lets deadlines pass: what is not confirmed in time goes to the mailbox, and its sender is told. */
  tick(now: number): void {
    for (const box of this.#boxes.values()) {
      if (box.phase === 'live') {
        const oldest = box.unconfirmed.find((sent) => sent.stage === 'live');
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#spill(box);
      } else if (box.phase === 'joining') {
        const oldest = box.held[0];
        if (oldest && now - oldest.at >= LIMITS.confirmMs) this.#giveUpJoining(box);
      }
      // Where a page could not be read, it is asked for again.
      this.#advance(box);
    }
  }

  #box(account: AccountId): Postbox {
    let box = this.#boxes.get(account);
    if (!box) {
      box = new Postbox(account);
      this.#boxes.set(account, box);
    }
    return box;
  }

  #pushLive(box: Postbox, message: PendingMessage, now: number): void {
    const n = ++box.n;
    box.unconfirmed.push({ n, at: now, message, stage: 'live', seq: 0, confirmed: false });
    box.liveBytes += message.bytes;
    this.port.push(box.account, n, message, false);
  }

  /** The connected side is behind: what only memory holds goes to the mailbox, ahead of anything newer. */
  #spill(box: Postbox): void {
    box.phase = 'draining';
    box.stalledThrough = box.n;
    box.liveBytes = 0;
    for (const sent of box.unconfirmed) {
      if (sent.stage !== 'live' || !sent.message) continue;
      sent.stage = 'spilling';
      this.#append(box, sent.message, sent);
    }
  }

  #spilled(box: Postbox, sent: Sent, seq: number, current: boolean): void {
    sent.stage = 'mail';
    sent.seq = seq;
    if (current) box.cursor = Math.max(box.cursor, seq);
    if (sent.confirmed) this.#remove(box, seq);
    else if (!current) box.unread = true;
  }

  #giveUpJoining(box: Postbox): void {
    const held = box.held;
    box.held = [];
    box.phase = 'draining';
    for (const message of held) this.#append(box, message, undefined);
  }

  #append(box: Postbox, message: PendingMessage, sent: Sent | undefined): void {
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
    box.appending++;
    this.port.append({ message, epoch: box.epoch, sent });
  }

  #remove(box: Postbox, through: number): void {
    if (through <= box.removedThrough) return;
    box.removedThrough = through;
    this.port.remove(box.account, through);
  }

  /** Takes the next step from the mailbox towards live, where one can be taken. */
  #advance(box: Postbox): void {
    if (box.phase !== 'draining' && box.phase !== 'joining') return;
    if (box.reading || box.unconfirmed.length >= WINDOW_MESSAGES) return;
    if (box.unread) {
      box.unread = false;
      box.reading = true;
      this.port.read(box.account, box.cursor, box.epoch);
      return;
    }
    const [oldest] = box.unconfirmed;
    if (oldest && oldest.n <= box.stalledThrough) return;
    if (box.appending > 0) {
      box.phase = 'joining';
      return;
    }
    box.phase = 'live';
    const held = box.held;
    box.held = [];
    for (const message of held) {
      if (this.port.isBlocked(message.to, message.from)) this.#resolve(message, 'blocked');
      else this.#pushLive(box, message, message.at);
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

  #forgetIfIdle(box: Postbox): void {
    if (box.isIdle) this.#boxes.delete(box.account);
  }
}
