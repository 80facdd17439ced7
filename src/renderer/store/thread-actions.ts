import type { CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Port } from '../port/client-port.ts';
import type { ClientState } from './client.ts';
import { type ConversationsState, unreadOf } from './conversations.ts';
import { oncePerMicrotask } from './once-per-microtask.ts';
import type { OverlayState } from './overlay.ts';
import { type PrivateState, seenTab } from './private-sessions.ts';
import type { SliceStore } from './slice-store.ts';
import { aroundPage, PAGE_SIZE, type Thread, type ThreadState, withNewer, withoutOld, withPage } from './threads.ts';
import type { ToastActions } from './toasts.ts';

/** Loads history, scrolls to messages, and marks visible messages as read. */
export class ThreadActions {
  #scrollTargetKey = 0;
  /** The position of the newest visible message. */
  #newestVisible: number | undefined;
  /** The last read position that the host was told. */
  #told: { readonly conversation: string; readonly through: number } | undefined;
  /** Counts the times that a conversation's thread was dropped: a page that was asked for before is outdated. */
  readonly #generations = new Map<string, number>();

  constructor(
    private readonly store: SliceStore<ThreadState & ClientState & ConversationsState & PrivateState & OverlayState>,
    private readonly port: Port,
    private readonly toasts: ToastActions,
  ) {}

  /** Opens a conversation at the first unread message, else at the end. */
  async open(conversation: string, unread: number): Promise<void> {
    this.#newestVisible = undefined;
    if (unread > 0 && !hasUnread(this.#thread(conversation), unread)) {
      await this.#loadUnread(conversation);
    } else {
      if (this.#thread(conversation)?.newest === false) this.#drop(conversation);
      if (this.#thread(conversation) === undefined) await this.loadOlder(conversation);
      if (unread > 0) this.#scrollToUnread(conversation, this.#thread(conversation)?.messages ?? []);
    }
    this.markRead();
  }

  /** Loads the messages around the first unread one, however many follow it. */
  async #loadUnread(conversation: string): Promise<void> {
    this.#drop(conversation);
    const current = this.#loading(conversation);
    this.#set(conversation, { messages: [], complete: false, newest: true, loading: true });
    const outcome = await this.port.command('history.unread', { conversation, limit: PAGE_SIZE });
    const now = current();
    if (now === undefined) return;
    if (!outcome.ok) {
      this.#set(conversation, { ...now, complete: true, loading: false });
      this.toasts.showFailure(outcome.failure);
      return;
    }
    const { messages, first } = outcome.result;
    this.#set(
      conversation,
      first === undefined
        ? withPage(now, messages, PAGE_SIZE)
        : withArrived(aroundPage(messages, first, PAGE_SIZE), now.messages),
    );
    if (first !== undefined) this.#showUnread(conversation, first);
  }

  /** @param before undefined: the newest page */
  #pageBefore(
    conversation: string,
    before: number | undefined,
    limit: number,
  ): Promise<Outcome<CommandResult<'history.page'>>> {
    return this.port.command('history.page', { conversation, limit, ...(before === undefined ? {} : { before }) });
  }

  /** Keeps only the newest messages of a conversation that the window no longer shows. */
  leave(conversation: string): void {
    const thread = this.#thread(conversation);
    if (thread === undefined) return;
    if (thread.newest) this.#set(conversation, withoutOld(thread));
    else this.#drop(conversation);
  }

  /** Loads one older page, unless a page is loading or there is none. */
  async loadOlder(conversation: string, limit: number = PAGE_SIZE): Promise<void> {
    const thread = this.#thread(conversation);
    if (thread?.loading === true || thread?.complete === true) return;
    const before = thread?.messages[0]?.position;
    const current = this.#loading(conversation);
    this.#set(conversation, { messages: [], complete: false, newest: true, ...thread, loading: true });
    const outcome = await this.#pageBefore(conversation, before, limit);
    const now = current();
    if (now === undefined) return;
    if (outcome.ok) this.#set(conversation, withPage(now, outcome.result.messages, limit));
    else {
      this.#set(conversation, { ...now, complete: true, loading: false });
      this.toasts.showFailure(outcome.failure);
    }
  }

  /** Loads one newer page, if the loaded messages end before the newest one. */
  async loadNewer(conversation: string): Promise<void> {
    const thread = this.#thread(conversation);
    const position = thread?.messages.at(-1)?.position;
    if (thread === undefined || thread.loading || thread.newest || position === undefined) return;
    const current = this.#loading(conversation);
    this.#set(conversation, { ...thread, loading: true });
    const outcome = await this.port.command('history.after', { conversation, position, limit: PAGE_SIZE });
    const now = current();
    if (now === undefined) return;
    if (outcome.ok) this.#set(conversation, withNewer(now, outcome.result.messages, PAGE_SIZE));
    else {
      this.#set(conversation, { ...now, loading: false });
      this.toasts.showFailure(outcome.failure);
    }
  }

  /**
   * Scrolls to a message, after loading the messages around it (G2).
   * @param words the words of a search, to be marked in the message
   * @returns whether the message still exists
   */
  async scrollTo(conversation: string, position: number, words = ''): Promise<boolean> {
    const has = () => this.#thread(conversation)?.messages.some((one) => one.position === position) === true;
    if (!has()) {
      const outcome = await this.port.command('history.around', { conversation, position, limit: PAGE_SIZE });
      if (!outcome.ok) {
        this.toasts.showFailure(outcome.failure);
        return false;
      }
      if (!outcome.result.messages.some((one) => one.position === position)) return false;
      this.#drop(conversation);
      this.#set(conversation, aroundPage(outcome.result.messages, position, PAGE_SIZE));
    }
    this.#setTarget(conversation, position, words);
    return true;
  }

  /** Scrolls to the first message at or after a time, else to the end. @param at milliseconds since 1970 UTC */
  async scrollToTime(conversation: string, at: number): Promise<void> {
    const outcome = await this.port.command('history.since', { conversation, at, limit: PAGE_SIZE });
    if (!outcome.ok) {
      this.toasts.showFailure(outcome.failure);
      return;
    }
    const { messages, first } = outcome.result;
    if (first === undefined) {
      await this.scrollToEnd(conversation);
      return;
    }
    this.#drop(conversation);
    this.#set(conversation, aroundPage(messages, first, PAGE_SIZE));
    this.#setTarget(conversation, first, '');
  }

  async scrollToEnd(conversation: string): Promise<void> {
    if (this.#thread(conversation)?.newest === false) {
      this.#drop(conversation);
      await this.loadOlder(conversation);
    }
    this.#setTarget(conversation, 'end', '');
  }

  /**
   * Reports what the user sees of the conversation.
   * @param atEnd the end is visible
   * @param through the position of the newest visible message of another user; undefined: none
   */
  reportVisible(conversation: string, atEnd: boolean, through: number | undefined): void {
    const { chosen, atEnd: before } = this.store.getState();
    if (chosen !== conversation) return;
    if (before !== atEnd) this.store.setState({ atEnd });
    this.#newestVisible = through;
    this.markRead();
  }

  /** Marks the visible messages as read, if the user sees them; once for messages that arrive together. */
  readonly markRead = oncePerMicrotask(() => void this.#markRead());

  async #markRead(): Promise<void> {
    const state = this.store.getState();
    const { chosen, view, threads, atEnd } = state;
    if (chosen === undefined || seenTab(state, chosen) !== 'server') return;
    const conversation = view.conversations.find(({ id }) => id === chosen);
    const through = atEnd ? threads[chosen]?.messages.at(-1)?.position : this.#newestVisible;
    if (conversation === undefined || conversation.unread === 0 || through === undefined) return;
    // Scrolling calls this again and again.
    if (this.#told?.conversation === chosen && through <= this.#told.through) return;
    const told = { conversation: chosen, through };
    this.#told = told;
    const outcome = await this.port.command('conversation.read', told);
    if (!outcome.ok && this.#told === told) this.#told = undefined;
  }

  /** Marks a saved private message as read if the user sees it in the private session, and all messages before it are read. */
  keptPrivate({ conversation, position }: Message): void {
    const state = this.store.getState();
    if (seenTab(state, conversation) !== 'private' || unreadOf(state.view, conversation) !== 1) return;
    void this.port.command('conversation.read', { conversation, through: position });
  }

  /** Draws the line "new" above a message that has arrived in the open conversation while the user did not see it. */
  markNew({ conversation, position }: Message): void {
    const { chosen, view, newSince } = this.store.getState();
    // Further messages come below the line that there is.
    if (chosen !== conversation || (newSince !== undefined && unreadOf(view, conversation) > 1)) return;
    this.store.setState({ newSince: position });
  }

  #setTarget(conversation: string, place: number | 'end', words: string | undefined): void {
    this.store.setState({ scrollTarget: { conversation, place, words, key: ++this.#scrollTargetKey } });
  }

  #thread(conversation: string): Thread | undefined {
    return this.store.getState().threads[conversation];
  }

  #set(conversation: string, thread: Thread): void {
    this.store.setState((state) => ({ threads: { ...state.threads, [conversation]: thread } }));
  }

  /** @returns gives the thread that a page now being loaded belongs to; undefined if the thread was dropped since */
  #loading(conversation: string): () => Thread | undefined {
    const generation = this.#generations.get(conversation);
    return () => {
      const thread = this.#thread(conversation);
      return thread?.loading === true && this.#generations.get(conversation) === generation ? thread : undefined;
    };
  }

  #drop(conversation: string): void {
    this.#generations.set(conversation, (this.#generations.get(conversation) ?? 0) + 1);
    this.store.setState(({ threads: { [conversation]: _dropped, ...threads } }) => ({ threads }));
  }

  /** Finds the first unread message among all loaded ones. @param messages all unread messages are among them */
  #scrollToUnread(conversation: string, messages: readonly Message[]): void {
    const unread = unreadOf(this.store.getState().view, conversation);
    const incoming = messages.filter((one) => one.incoming);
    const first = unread === 0 ? undefined : incoming.at(-Math.min(unread, incoming.length))?.position;
    if (first !== undefined) this.#showUnread(conversation, first);
  }

  /** Draws the line "new" above the first unread message, and scrolls to it. The messages before it are read. */
  #showUnread(conversation: string, first: number): void {
    if (this.store.getState().chosen !== conversation) return;
    this.#told = { conversation, through: first - 1 };
    this.store.setState({ newSince: first, atEnd: false });
    this.#setTarget(conversation, first, undefined);
  }
}

/** Whether all unread messages are loaded. */
function hasUnread(thread: Thread | undefined, unread: number): boolean {
  if (thread === undefined || thread.loading || !thread.newest) return false;
  return thread.complete || incomingOf(thread.messages) >= unread;
}

function incomingOf(messages: readonly Message[]): number {
  return messages.filter(({ incoming }) => incoming).length;
}

/** Appends messages that have arrived while a page was loaded, if the page ends with the newest message. */
function withArrived(thread: Thread, arrived: readonly Message[]): Thread {
  if (!thread.newest) return thread;
  const last = thread.messages.at(-1)?.position ?? -Infinity;
  return { ...thread, messages: [...thread.messages, ...arrived.filter(({ position }) => position > last)] };
}
