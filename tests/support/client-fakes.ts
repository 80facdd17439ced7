import { conversationWith } from '../../src/shared/client-api/conversation-id.ts';
import type {
  Clock,
  FoundMessages,
  HistoryQuery,
  HistoryStore,
  NewIncoming,
  NewOutgoing,
  Pin,
  Pins,
  Random,
  ImportPlace,
  Restored,
  RestoredMessage,
  Secrets,
  ServerAddress,
  StatusChange,
  Committed,
  Timer,
} from '../../src/core/ports.ts';
import type { Conversation, Message } from '../../src/shared/client-api/view-state.ts';

interface Due {
  at: number;
  call: () => void;
}

/** A clock that only moves when a test advances it. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  #due: Due[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): Timer {
    const due = { at: this.#now + Math.max(0, milliseconds), call };
    this.#due.push(due);
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== due);
      },
    };
  }

  /** Advances, runs due timers in order, and lets promises settle after each. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      let next: Due | undefined;
      for (const due of this.#due) if (due.at <= end && (next === undefined || due.at < next.at)) next = due;
      if (next === undefined) break;
      const taken = next;
      this.#due = this.#due.filter((other) => other !== taken);
      this.#now = Math.max(this.#now, taken.at);
      taken.call();
      await settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** The computer sleeps: the time advances, but no timer runs. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
    for (const due of this.#due) due.at += milliseconds;
  }

  /** The clock jumps: timers run late. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
  }

  get timers(): number {
    return this.#due.length;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}

/** Repeatable randomness (mulberry32). */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed = 1) {
    this.#state = seed;
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.fraction() * 256));
  }
}

export class MemoryPins implements Pins {
  readonly pins = new Map<string, Pin>();

  read({ host, port }: ServerAddress): Pin | undefined {
    return this.pins.get(`${host}:${port}`);
  }

  write({ host, port }: ServerAddress, pin: Pin): void {
    this.pins.set(`${host}:${port}`, pin);
  }

  withCertificate({ certificate }: Pin): readonly Pin[] {
    return [...this.pins.values()].filter((one) => one.certificate === certificate);
  }
}

export class MemorySecrets implements Secrets {
  token: string | undefined;

  readToken(): string | undefined {
    return this.token;
  }

  writeToken(token: string | undefined): void {
    this.token = token;
  }
}

/** A history in memory that outlives its client, and can be full like a disk. */
export class MemoryHistory implements HistoryStore {
  messages: Message[] = [];
  full = false;
  transactions = 0;
  #position = 0;

  addOutgoing(message: NewOutgoing): Message {
    this.#transaction();
    const stored: Message = { ...message, position: ++this.#position, incoming: false };
    this.messages.push(stored);
    return stored;
  }

  outgoing(from: string, id: string): Message | undefined {
    return this.messages.find((one) => !one.incoming && one.from === from && one.id === id);
  }

  commit(incoming: readonly NewIncoming[], settled: readonly StatusChange[]): Committed {
    this.#transaction();
    const changed: Message[] = [];
    for (const { id, status, at } of settled) {
      this.messages = this.messages.map((one) => {
        const { state } = one.status;
        const follows = state === 'queued' || (state === 'stored' && status.state !== 'stored');
        if (one.id !== id || one.incoming || !follows) return one;
        const settledOne = { ...one, status, at: at ?? one.at };
        changed.push(settledOne);
        return settledOne;
      });
    }
    const added: Message[] = [];
    for (const message of incoming) {
      if (this.messages.some((one) => one.incoming && one.id === message.id && one.from === message.from)) continue;
      const stored: Message = {
        ...message,
        position: ++this.#position,
        incoming: true,
        status: { state: 'received' },
      };
      this.messages.push(stored);
      added.push(stored);
    }
    return { added, changed };
  }

  markAttempted(ids: readonly string[]): void {
    this.#transaction();
    const marked = new Set(ids);
    this.messages = this.messages.map((one) =>
      marked.has(one.id) && one.status.state === 'queued'
        ? { ...one, status: { state: 'queued', attempted: true } }
        : one,
    );
  }

  remove(id: string): void {
    this.#transaction();
    this.messages = this.messages.filter((one) => one.id !== id);
  }

  outbox(): Message[] {
    return this.messages.filter(({ status }) => status.state === 'queued');
  }

  conversations(): Conversation[] {
    return [];
  }

  page(conversation: string, before: number | undefined, limit: number): Message[] {
    return this.messages
      .filter((one) => one.conversation === conversation && (before === undefined || one.position < before))
      .slice(-limit);
  }

  after(conversation: string | undefined, position: number, limit: number): Message[] {
    return this.messages
      .filter((one) => (conversation === undefined || one.conversation === conversation) && one.position > position)
      .slice(0, limit);
  }

  firstUnread(conversation: string): number | undefined {
    return this.messages.find((one) => one.conversation === conversation && one.incoming)?.position;
  }

  firstSince(conversation: string, at: number): number | undefined {
    return this.messages.find((one) => one.conversation === conversation && one.at >= at)?.position;
  }

  search({ text, conversation, before = Number.MAX_SAFE_INTEGER, limit }: HistoryQuery): FoundMessages {
    const found = this.messages
      .filter((one) => conversation === undefined || one.conversation === conversation)
      .filter((one) => one.position < before && one.text.includes(text))
      .reverse();
    const messages = found.slice(0, limit);
    const next = found.length > limit ? messages.at(-1)?.position : undefined;
    return { messages, ...(next === undefined ? {} : { next }) };
  }

  removeAt(position: number): void {
    this.#transaction();
    this.messages = this.messages.filter((one) => one.position !== position);
  }

  clear(conversation: string | undefined): void {
    this.#transaction();
    const stays = (one: Message) => conversation !== undefined && one.conversation !== conversation;
    this.messages = this.messages.filter((one) => stays(one) || one.status.state === 'queued');
  }

  restore(messages: readonly RestoredMessage[], { next }: ImportPlace = { next: -1_000_000 }): Restored {
    this.#transaction();
    const known = (one: RestoredMessage) =>
      this.messages.some(({ incoming, from, id }) => incoming === one.incoming && from === one.from && id === one.id);
    const added = messages.filter((one) => !known(one)).map((one, n) => ({ ...one, position: next + n }));
    this.messages = [...this.messages, ...added].sort((one, other) => one.position - other.position);
    return { added: added.length, place: { next: next + added.length } };
  }

  markRead(): number {
    return 0;
  }

  /** Texts received from a user, in order. */
  textsFrom(username: string): string[] {
    const conversation = conversationWith(username);
    return this.messages.filter((one) => one.incoming && one.conversation === conversation).map(({ text }) => text);
  }

  #transaction(): void {
    if (this.full) throw new Error('disk full');
    this.transactions++;
  }
}
