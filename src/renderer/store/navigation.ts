import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { ClientState } from './client.ts';
import {
  allConversations,
  type ConversationsState,
  draftedConversations,
  unreadOf,
  usernameOf,
} from './conversations.ts';
import type { DraftState } from './drafts.ts';
import { recallPlace, rememberPlace } from './last-place.ts';
import type { OverlayState } from './overlay.ts';
import type { PrivateActions } from './private-actions.ts';
import type { ConversationTab, PrivateState } from './private-sessions.ts';
import type { SearchState } from './search.ts';
import type { SliceStore } from './slice-store.ts';
import type { ThreadActions } from './thread-actions.ts';
import type { ThreadState } from './threads.ts';
import type { ToastActions } from './toasts.ts';

type NavigationState = ClientState &
  ConversationsState &
  DraftState &
  OverlayState &
  PrivateState &
  SearchState &
  ThreadState;

/** Opens conversations, their tabs and their messages. */
export class NavigationActions {
  constructor(
    private readonly store: SliceStore<NavigationState>,
    private readonly strings: Strings,
    private readonly threads: ThreadActions,
    private readonly privateSessions: PrivateActions,
    private readonly toasts: ToastActions,
  ) {}

  /** After a page load or an unlock, opens the conversation that was open before (G7). */
  restore(): void {
    const place = recallPlace(this.store.getState());
    if (place !== undefined) this.choose(place.conversation, place.username);
  }

  /** Follows the browser's back and forward buttons: to the list, or to a conversation. */
  followHistory(): void {
    const state = this.store.getState();
    const place = recallPlace(state);
    if (place === undefined) this.#showList();
    else if (place.conversation !== state.chosen) this.choose(place.conversation, place.username);
  }

  /** Opens a conversation at its first unread message, else at its end. */
  choose(conversation: string, username?: string): void {
    const unread = this.#open(conversation, username);
    void this.threads.open(conversation, unread);
    this.privateSessions.markRead();
  }

  chooseTab(activeTab: ConversationTab): void {
    this.store.setState({ activeTab });
    this.markVisibleRead();
  }

  /** Forgets the messages of an ended private session. */
  closeEndedPrivateSession(conversation: string): void {
    this.privateSessions.forgetEnded(conversation);
    this.markVisibleRead();
  }

  /** Marks what is visible as read, if the user sees it. */
  markVisibleRead(): void {
    this.threads.markRead();
    this.privateSessions.markRead();
  }

  /** Opens a conversation at one of its messages (G2). @param words the words of a search, to be marked there */
  async openMessage({ conversation, position, to, from, incoming }: Message, words: string): Promise<void> {
    if (this.store.getState().chosen !== conversation) this.#open(conversation, incoming ? from : to);
    this.store.setState({
      overlay: undefined,
      drawerOpen: false,
      activeTab: 'server',
    });
    if (await this.threads.scrollTo(conversation, position, words)) return;
    this.toasts.show(this.strings.search.gone, 'bad');
    if (this.store.getState().threads[conversation] === undefined) await this.threads.open(conversation, 0);
  }

  /** @returns number of its unread messages */
  #open(conversation: string, username: string | undefined): number {
    const state = this.store.getState();
    const known = state.view.conversations.find(({ id }) => id === conversation);
    if (state.chosen !== undefined && state.chosen !== conversation) this.threads.leave(state.chosen);
    this.store.setState({
      chosen: conversation,
      opened: known === undefined ? (username ?? usernameOf(state.view, conversation) ?? state.opened) : state.opened,
      newSince: undefined,
      atEnd: true,
      scrollTarget: undefined,
      activeTab: 'private',
      overlay: undefined,
      drawerOpen: false,
    });
    rememberPlace(state, conversation, username);
    return unreadOf(state.view, conversation);
  }

  openUser(username: string): void {
    this.choose(conversationWith(username), username);
  }

  /** Opens the conversation above or below the chosen one in the list. */
  chooseNeighbour(step: 1 | -1): void {
    const state = this.store.getState();
    const { view, opened, chosen } = state;
    const ids = allConversations(view, opened, draftedConversations(state)).map(({ id }) => id);
    const place = chosen === undefined ? -1 : ids.indexOf(chosen);
    const next = ids[(place + step + ids.length) % ids.length];
    if (next !== undefined) this.choose(next);
  }

  close(): void {
    this.#showList();
    rememberPlace(this.store.getState(), undefined, undefined);
  }

  #showList(): void {
    this.store.setState({ chosen: undefined, drawerOpen: false });
  }

  /** Opens or closes the drawer of a narrow window. It shows the details, and a search ends. */
  toggleDrawer(open: boolean): void {
    this.store.setState({ drawerOpen: open, search: undefined });
  }
}
