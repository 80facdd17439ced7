import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { NotificationAction } from '../../shared/client-api/host.ts';
import type { PrivateEnding } from '../../shared/client-api/private-view.ts';
import type { Strings } from '../../shared/text/en.ts';
import { endingText, warningText } from '../../shared/text/private-text.ts';
import type { Announcer } from './announcer.ts';
import type { ClientActions, ClientState } from './client.ts';
import { type ConversationsState } from './conversations.ts';
import type { NotificationActions } from './notifications.ts';
import type { OverlayState } from './overlay.ts';
import { type PrivateNote, type PrivateState, isUncovered, seenTab, visibleTab } from './private-sessions.ts';
import type { SliceStore } from './slice-store.ts';
import type { ToastActions } from './toasts.ts';
import type { UnreadActions } from './unread.ts';

interface PrivateActionsNeeds {
  readonly client: ClientActions;
  readonly announcer: Announcer;
  readonly toasts: ToastActions;
  readonly notifications: NotificationActions;
  readonly unread: UnreadActions;
}

/** Ends private sessions, and tells the user of their events. */
export class PrivateActions {
  constructor(
    private readonly store: SliceStore<PrivateState & ClientState & ConversationsState & OverlayState>,
    private readonly strings: Strings,
    private readonly needs: PrivateActionsNeeds,
  ) {}

  /** @param note undefined removes the note. A loud note stays until the user dismisses it. */
  setNote(username: string, note: PrivateNote | undefined): void {
    const conversation = conversationWith(username);
    const before = this.store.getState().privateNotes[conversation];
    if (note !== undefined) this.needs.announcer.announce(note.text);
    if (note?.loud === false && before?.loud === true) return;
    this.store.setState(({ privateNotes: { [conversation]: _before, ...others } }) => ({
      privateNotes: note === undefined ? others : { ...others, [conversation]: note },
    }));
  }

  /** A session has ended; its messages stay until the user closes them. The next session becomes visible by itself. */
  ended(username: string, ending: PrivateEnding): void {
    const conversation = conversationWith(username);
    this.#tellEnding(username, ending);
    const { chosen, endedPrivateSessions } = this.store.getState();
    if (endedPrivateSessions[conversation] !== undefined) return;
    this.needs.unread.clearPrivate(conversation);
    if (chosen === conversation) this.store.setState({ activeTab: 'private' });
  }

  /** Forgets the messages of an ended session. */
  forgetEnded(conversation: string): void {
    this.store.setState(({ endedPrivateSessions: { [conversation]: _closed, ...others } }) => ({
      endedPrivateSessions: others,
      activeTab: 'private',
    }));
    this.needs.unread.clearPrivate(conversation);
  }

  #tellEnding(username: string, ending: PrivateEnding): void {
    const { loud, by, reason } = ending;
    const text = endingText(this.strings, username, ending);
    const state = this.store.getState();
    const conversation = conversationWith(username);
    // The pane of a session that is visible shows its end.
    if (state.endedPrivateSessions[conversation] !== undefined && visibleTab(state, conversation) === 'private')
      this.needs.announcer.announce(text);
    // A changed identity has a note of its own, until the user accepts it.
    else if (reason !== 'identity-changed' && (by !== 'you' || loud))
      this.setNote(username, { kind: 'ended', text, loud });
  }

  warned(username: string, fault: string): void {
    this.setNote(username, { kind: 'warning', text: warningText(this.strings, username, fault), loud: true });
  }

  /** A session or request begins: the note about the end of the last one is outdated. */
  begun(username: string): void {
    if (this.store.getState().privateNotes[conversationWith(username)]?.kind === 'ended')
      this.setNote(username, undefined);
  }

  /** Tells the user of a request (F1): in a notification with its answers, unless the window shows the request. */
  requested(username: string): void {
    const { asksYou, accept, decline } = this.strings.aside;
    const text = asksYou(username);
    this.needs.announcer.announce(text);
    // Only dialogs cover requests.
    if (isUncovered(this.store.getState()) && document.hasFocus()) return;
    const answer = (label: string, yes: boolean): NotificationAction => ({
      label,
      command: 'private.answer',
      params: { username, accept: yes },
    });
    this.needs.notifications.raise({
      conversation: conversationWith(username),
      title: username,
      body: text,
      actions: [answer(accept, true), answer(decline, false)],
    });
  }

  /** Counts a message that the user doesn't see; its text stays out of the system's notifications (F7). */
  arrivedUnseen(username: string): void {
    const conversation = conversationWith(username);
    this.needs.unread.addPrivate(conversation);
    const text = this.strings.aside.saidSomething(username);
    this.needs.announcer.announce(text);
    this.needs.notifications.raise({ conversation, title: username, body: text });
  }

  /** Marks the visible private messages as read, if the user sees them. */
  markRead(): void {
    const state = this.store.getState();
    const { chosen } = state;
    if (chosen === undefined || seenTab(state, chosen) !== 'private') return;
    this.needs.unread.clearPrivate(chosen);
  }

  /** Ends a session. The tab of the server becomes visible at once, as the user expects. */
  async end(username: string): Promise<void> {
    const conversation = conversationWith(username);
    const isVisible = visibleTab(this.store.getState(), conversation) === 'private';
    if (isVisible) this.store.setState({ activeTab: 'server' });
    const outcome = await this.needs.client.run('private.end', { username });
    if (outcome.ok) return;
    this.needs.toasts.showFailure(outcome.failure);
    if (isVisible && this.store.getState().chosen === conversation) this.store.setState({ activeTab: 'private' });
  }

  undelivered(username: string, count: number): void {
    if (count > 0) this.needs.toasts.show(this.strings.aside.undelivered(username, count), 'bad');
  }

  identityChanged(username: string): void {
    this.needs.announcer.announce(this.strings.aside.identityChanged(username));
  }
}
