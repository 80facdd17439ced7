import type { StoreApi } from 'zustand/vanilla';
import type { Port } from '../port/client-port.ts';
import type { AppState } from './app-state.ts';
import { oncePerTurn } from './once.ts';
import { partInSight } from './talks.ts';
import { aroundPage, PAGE_SIZE, type Thread, withNewer, withoutOld, withPage } from './threads.ts';
import type { Voice } from './voice.ts';

/** The contract's largest page. */
const PAGE_LARGEST = 500;

/** Which part of the history is at hand, what of it is in sight, and what counts as read. */
export class ThreadActions {
  #soughtKey = 0;
  /** Which stretch of each conversation a page was asked for; one of another comes too late. */
  readonly #stretch = new Map<string, number>();

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly voice: Voice,
  ) {}

  /** A conversation is opened at its end. */
  async begin(conversation: string, unread: number): Promise<void> {
    if (this.#thread(conversation)?.newest === false) this.#drop(conversation);
    if (this.#thread(conversation) === undefined) {
      await this.loadOlder(conversation, Math.max(PAGE_SIZE, Math.min(PAGE_LARGEST, unread + PAGE_SIZE)));
    }
    this.#markNew(conversation, unread);
    this.read();
  }

  /** A conversation is left; what is far back in it is read again when it is wanted. */
  leave(conversation: string): void {
    const thread = this.#thread(conversation);
    if (thread === undefined) return;
    if (thread.newest) this.#put(conversation, withoutOld(thread));
    else this.#drop(conversation);
  }

  /** One more page of the past, unless it is under way or there is none. */
  async loadOlder(conversation: string, limit: number = PAGE_SIZE): Promise<void> {
    const thread = this.#thread(conversation);
    if (thread?.loading === true || thread?.complete === true) return;
    const before = thread?.messages[0]?.position;
    const current = this.#loading(conversation);
    this.#put(conversation, { messages: [], complete: false, newest: true, ...thread, loading: true });
    const outcome = await this.port.command('history.page', {
      conversation,
      limit,
      ...(before === undefined ? {} : { before }),
    });
    const now = current();
    if (now === undefined) return;
    if (outcome.ok) this.#put(conversation, withPage(now, outcome.result.messages, limit));
    else {
      this.#put(conversation, { ...now, complete: true, loading: false });
      this.voice.notice(this.voice.failureText(outcome.failure), 'bad');
    }
  }

  /** One more page towards the present, where what is at hand ends before it. */
  async loadNewer(conversation: string): Promise<void> {
    const thread = this.#thread(conversation);
    const position = thread?.messages.at(-1)?.position;
    if (thread === undefined || thread.loading || thread.newest || position === undefined) return;
    const current = this.#loading(conversation);
    this.#put(conversation, { ...thread, loading: true });
    const outcome = await this.port.command('history.after', { conversation, position, limit: PAGE_SIZE });
    const now = current();
    if (now === undefined) return;
    if (outcome.ok) this.#put(conversation, withNewer(now, outcome.result.messages, PAGE_SIZE));
    else {
      this.#put(conversation, { ...now, loading: false });
      this.voice.notice(this.voice.failureText(outcome.failure), 'bad');
    }
  }

  /**
   * Brings a message into sight, with those around it (G2).
   * @param words what was looked for, to be marked in it
   * @returns whether it is still there
   */
  async seek(conversation: string, position: number, words = ''): Promise<boolean> {
    const has = () => this.#thread(conversation)?.messages.some((one) => one.position === position) === true;
    if (!has()) {
      const outcome = await this.port.command('history.around', { conversation, position, limit: PAGE_SIZE });
      if (!outcome.ok) {
        this.voice.notice(this.voice.failureText(outcome.failure), 'bad');
        return false;
      }
      if (!outcome.result.messages.some((one) => one.position === position)) return false;
      this.#drop(conversation);
      this.#put(conversation, aroundPage(outcome.result.messages, position, PAGE_SIZE));
    }
    this.#seek(conversation, position, words);
    return true;
  }

  /** Brings the newest message into sight. */
  async seekEnd(conversation: string): Promise<void> {
    if (this.#thread(conversation)?.newest === false) {
      this.#drop(conversation);
      await this.loadOlder(conversation);
    }
    this.#seek(conversation, 'end', '');
  }

  /** Whether the end of the conversation is in sight; only then is it read. */
  atEnd(atEnd: boolean): void {
    if (this.store.getState().atEnd === atEnd) return;
    this.store.setState({ atEnd });
    if (atEnd) this.read();
  }

  /** What is in sight counts as read, where somebody is looking; of many messages that come together, all at once. */
  readonly read = oncePerTurn(() => this.#read());

  #read(): void {
    const state = this.store.getState();
    const { chosen, view, threads, atEnd } = state;
    if (chosen === undefined || partInSight(state, chosen) !== 'server' || !atEnd || !document.hasFocus()) return;
    const conversation = view.conversations.find(({ id }) => id === chosen);
    const through = threads[chosen]?.messages.at(-1)?.position ?? conversation?.last?.position;
    if (conversation === undefined || conversation.unread === 0 || through === undefined) return;
    void this.port.command('conversation.read', { conversation: chosen, through });
  }

  #seek(conversation: string, place: number | 'end', words: string): void {
    this.store.setState({ sought: { conversation, place, words, key: ++this.#soughtKey } });
  }

  #thread(conversation: string): Thread | undefined {
    return this.store.getState().threads[conversation];
  }

  #put(conversation: string, thread: Thread): void {
    this.store.setState((state) => ({ threads: { ...state.threads, [conversation]: thread } }));
  }

  /** @returns what tells the thread that a page belongs to; undefined where another was begun meanwhile */
  #loading(conversation: string): () => Thread | undefined {
    const stretch = this.#stretch.get(conversation);
    return () => {
      const thread = this.#thread(conversation);
      return thread?.loading === true && this.#stretch.get(conversation) === stretch ? thread : undefined;
    };
  }

  #drop(conversation: string): void {
    this.#stretch.set(conversation, (this.#stretch.get(conversation) ?? 0) + 1);
    this.store.setState(({ threads: { [conversation]: _gone, ...threads } }) => ({ threads }));
  }

  #markNew(conversation: string, unread: number): void {
    const { chosen, threads } = this.store.getState();
    if (chosen !== conversation || unread === 0) return;
    const incoming = (threads[conversation]?.messages ?? []).filter((one) => one.incoming);
    this.store.setState({ newSince: incoming.at(-Math.min(unread, incoming.length))?.position });
  }
}
