import type { StoreApi } from 'zustand/vanilla';
import type { NotificationAction } from '../../shared/client-api/host.ts';
import type { PrivateEnding } from '../../shared/client-api/private-view.ts';
import type { Port } from '../port/client-port.ts';
import { endingText, warningText } from '../../shared/text/private-text.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { AppState, PrivateNote } from './app-state.ts';
import { conversationWith } from './conversations.ts';
import { partInSight } from './private-sessions.ts';
import type { Announcer } from './announcer.ts';

/** Raises a notification, where the person wants any. */
export type Notify = (
  conversation: string,
  title: string,
  body: string,
  actions?: readonly NotificationAction[],
) => unknown;

/** What has to be said of private sessions, and which part of a conversation is in sight. */
export class PrivateActions {
  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly strings: Strings,
    private readonly announcer: Announcer,
    private readonly notify: Notify,
    private readonly unreadChanged: () => void,
    private readonly run: Port['command'],
  ) {}

  /** @param note undefined: there is nothing to say any more. What is loud stays until somebody dismisses it. */
  note(username: string, note: PrivateNote | undefined): void {
    const conversation = conversationWith(username);
    const before = this.store.getState().privateNotes[conversation];
    if (note !== undefined) this.announcer.announce(note.text);
    if (note?.loud === false && before?.loud === true) return;
    this.store.setState(({ privateNotes: { [conversation]: _before, ...others } }) => ({
      privateNotes: note === undefined ? others : { ...others, [conversation]: note },
    }));
  }

  ended(username: string, ending: PrivateEnding): void {
    const { loud, by, reason } = ending;
    const text = endingText(this.strings, username, ending);
    // Where it was in sight, its place says so.
    if (this.store.getState().endedPrivateSession?.conversation === conversationWith(username))
      this.announcer.announce(text);
    // What stands in the conversation of a changed identity, until it is accepted, says as much.
    else if (reason !== 'identity-changed' && (by !== 'you' || loud))
      this.note(username, { kind: 'ended', text, loud });
  }

  warned(username: string, fault: string, text: string): void {
    this.note(username, { kind: 'warning', text: warningText(this.strings, username, fault, text), loud: true });
  }

  /** There is another session or request: what was said of the end of the last one is old. */
  begun(username: string): void {
    if (this.store.getState().privateNotes[conversationWith(username)]?.kind === 'ended')
      this.note(username, undefined);
  }

  /** Somebody asks to talk aside (F1): whoever does not have the request in sight can answer it in the notification. */
  asked(username: string): void {
    const { asksYou, accept, decline } = this.strings.aside;
    const text = asksYou(username);
    this.announcer.announce(text);
    // Requests stand above everything but what lies over the window.
    const { overlay, drawerOpen } = this.store.getState();
    if (document.hasFocus() && overlay === undefined && !drawerOpen) return;
    const answer = (label: string, yes: boolean): NotificationAction => ({
      label,
      command: 'private.answer',
      params: { username, accept: yes },
    });
    this.notify(conversationWith(username), username, text, [answer(accept, true), answer(decline, false)]);
  }

  /** Something was said that nobody looks at; the words stay out of the system's list of notifications (F7). */
  unseen(username: string): void {
    const conversation = conversationWith(username);
    const { unreadPrivate } = this.store.getState();
    this.#setUnseen({ ...unreadPrivate, [conversation]: (unreadPrivate[conversation] ?? 0) + 1 });
    const text = this.strings.aside.saidSomething(username);
    this.announcer.announce(text);
    this.notify(conversation, username, text);
  }

  /** What is in sight counts as seen, where somebody is looking. */
  look(): void {
    const state = this.store.getState();
    const { chosen } = state;
    if (chosen === undefined || partInSight(state, chosen) !== 'aside' || !document.hasFocus()) return;
    this.#forgetUnseen(chosen);
  }

  /** What was said is gone (F7). The next session comes into sight by itself. */
  over(username: string): void {
    const conversation = conversationWith(username);
    this.#forgetUnseen(conversation);
    if (this.store.getState().chosen === conversation) this.store.setState({ besideAside: false });
  }

  /** Ends it. What goes through the server takes its place at once, as somebody wants it to. */
  async end(username: string): Promise<void> {
    const conversation = conversationWith(username);
    const inSight = partInSight(this.store.getState(), conversation) === 'aside';
    if (inSight) this.store.setState({ besideAside: true });
    const outcome = await this.run('private.end', { username });
    if (outcome.ok) return;
    this.announcer.toast(this.announcer.failureText(outcome.failure), 'bad');
    if (inSight && this.store.getState().chosen === conversation) this.store.setState({ besideAside: false });
  }

  undelivered(username: string, count: number): void {
    if (count > 0) this.announcer.toast(this.strings.aside.undelivered(username, count), 'bad');
  }

  identityChanged(username: string): void {
    this.announcer.announce(this.strings.aside.identityChanged(username));
  }

  #forgetUnseen(conversation: string): void {
    const { [conversation]: count, ...others } = this.store.getState().unreadPrivate;
    if (count !== undefined) this.#setUnseen(others);
  }

  #setUnseen(unreadPrivate: AppState['unreadPrivate']): void {
    this.store.setState({ unreadPrivate });
    this.unreadChanged();
  }
}
