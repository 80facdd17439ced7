import type { CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Port } from '../port/client-port.ts';
import type { AppState } from './app-state.ts';
import { unreadOf } from './conversations.ts';
import { oncePerTick } from './once-per-tick.ts';
import { partInSight } from './private-sessions.ts';
import { aroundPage, PAGE_SIZE, type Thread, withNewer, withoutOld, withPage } from './threads.ts';
import type { Announcer } from './announcer.ts';

/** The contract's largest page. */
const PAGE_LARGEST = 500;

/** Which part of the history is at hand, what of it is in sight, and what counts as read. */
export class ThreadActions {
  #scrollTargetKey = 0;
  /** The position of the newest message that is in sight. */
  #seen: number | undefined;
  /** What the host was told last of what is read. */
  #told: { readonly conversation: string; readonly through: number } | undefined;
  /** Which stretch of each conversation a page was asked for; one of another comes too late. */
  readonly #stretch = new Map<string, number>();

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly announcer: Announcer,
  ) {}

  /** A conversation is opened at the first message that is unread, else at its end. */
  async begin(conversation: string, unread: number): Promise<void> {
    this.#seen = undefined;
    if (unread > 0 && !reaches(this.#thread(conversation), unread)) {
      await this.#readBack(conversation, unread);
    } else {
      if (this.#thread(conversation)?.newest === false) this.#drop(conversation);
      if (this.#thread(conversation) === undefined) await this.loadOlder(conversation);
      if (unread > 0) this.#toUnread(conversation, this.#thread(conversation)?.messages ?? []);
    }
    this.read();
  }

  /** From the newest message back to the first that is unread, however many there are; they are shown when all is there. */
  async #readBack(conversation: string, unread: number): Promise<void> {
    this.#drop(conversation);
    const current = this.#loading(conversation);
    this.#put(conversation, { messages: [], complete: false, newest: true, loading: true });
    const limit = Math.max(PAGE_SIZE, Math.min(PAGE_LARGEST, unread + PAGE_SIZE));
    let messages: readonly Message[] = [];
    for (let more = true; more; ) {
      const before = messages[0]?.position;
      const outcome = await this.#pageBefore(conversation, before, limit);
      const now = current();
      if (now === undefined) return;
      if (!outcome.ok) {
        this.#put(conversation, { ...now, complete: true, loading: false });
        this.announcer.toast(this.announcer.failureText(outcome.failure), 'bad');
        return;
      }
      const page = outcome.result.messages;
      messages = [...page, ...messages];
      more = page.length === limit;
      // Those that have arrived meanwhile are unread as well, and here already.
      const all = withArrived(messages, now.messages);
      if (more && incomingOf(all) < unreadOf(this.store.getState().view, conversation)) continue;
      this.#put(conversation, withPage(now, messages, messages.length + (more ? 0 : 1)));
      this.#toUnread(conversation, all);
      return;
    }
  }

  /** @param before undefined: the newest page */
  #pageBefore(
    conversation: string,
    before: number | undefined,
    limit: number,
  ): Promise<Outcome<CommandResult<'history.page'>>> {
    return this.port.command('history.page', { conversation, limit, ...(before === undefined ? {} : { before }) });
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
    const outcome = await this.#pageBefore(conversation, before, limit);
    const now = current();
    if (now === undefined) return;
    if (outcome.ok) this.#put(conversation, withPage(now, outcome.result.messages, limit));
    else {
      this.#put(conversation, { ...now, complete: true, loading: false });
      this.announcer.toast(this.announcer.failureText(outcome.failure), 'bad');
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
      this.announcer.toast(this.announcer.failureText(outcome.failure), 'bad');
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
        this.announcer.toast(this.announcer.failureText(outcome.failure), 'bad');
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

  /**
   * What of the conversation in sight can be seen.
   * @param atEnd its end
   * @param through the position of the newest message that somebody else wrote; undefined: none
   */
  saw(conversation: string, atEnd: boolean, through: number | undefined): void {
    const { chosen, atEnd: before } = this.store.getState();
    if (chosen !== conversation) return;
    if (before !== atEnd) this.store.setState({ atEnd });
    this.#seen = through;
    this.read();
  }

  /** What is in sight counts as read, where somebody is looking; of many messages that come together, all at once. */
  readonly read = oncePerTick(() => void this.#read());

  async #read(): Promise<void> {
    const state = this.store.getState();
    const { chosen, view, threads, atEnd } = state;
    if (chosen === undefined || partInSight(state, chosen) !== 'server' || !document.hasFocus()) return;
    const conversation = view.conversations.find(({ id }) => id === chosen);
    const through = atEnd ? threads[chosen]?.messages.at(-1)?.position : this.#seen;
    if (conversation === undefined || conversation.unread === 0 || through === undefined) return;
    // Scrolling asks again and again.
    if (this.#told?.conversation === chosen && through <= this.#told.through) return;
    const told = { conversation: chosen, through };
    this.#told = told;
    const outcome = await this.port.command('conversation.read', told);
    if (!outcome.ok && this.#told === told) this.#told = undefined;
  }

  #seek(conversation: string, place: number | 'end', words: string | undefined): void {
    this.store.setState({ scrollTarget: { conversation, place, words, key: ++this.#scrollTargetKey } });
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

  /**
   * The line "new", and the way there. What is before it is read.
   * @param messages through the newest, and back to the first that is unread
   */
  #toUnread(conversation: string, messages: readonly Message[]): void {
    const { chosen, view } = this.store.getState();
    const unread = unreadOf(view, conversation);
    if (chosen !== conversation || unread === 0) return;
    const incoming = messages.filter((one) => one.incoming);
    const first = incoming.at(-Math.min(unread, incoming.length))?.position;
    if (first === undefined) return;
    this.#told = { conversation, through: first - 1 };
    this.store.setState({ newSince: first, atEnd: false });
    this.#seek(conversation, first, undefined);
  }
}

/** Whether all that is unread is at hand. */
function reaches(thread: Thread | undefined, unread: number): boolean {
  if (thread === undefined || thread.loading || !thread.newest) return false;
  return thread.complete || incomingOf(thread.messages) >= unread;
}

function incomingOf(messages: readonly Message[]): number {
  return messages.filter(({ incoming }) => incoming).length;
}

function withArrived(messages: readonly Message[], arrived: readonly Message[]): readonly Message[] {
  const last = messages.at(-1)?.position ?? -Infinity;
  return [...messages, ...arrived.filter(({ position }) => position > last)];
}
