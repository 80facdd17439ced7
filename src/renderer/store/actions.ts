import type { StoreApi } from 'zustand/vanilla';
import type { CommandName, CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Failure, Outcome } from '../../shared/client-api/failure.ts';
import type {
  HostCommandName,
  HostCommandParams,
  HostCommandResult,
  NotificationAction,
  Preferences,
  ServerChoice,
} from '../../shared/client-api/host.ts';
import { type QuietFor, quietOf, withQuiet } from '../../shared/client-api/quiet.ts';
import type { Message, ViewState } from '../../shared/client-api/view-state.ts';
import { PageLooks } from '../port/page-looks.ts';
import { notifyInPage } from '../port/page-notifications.ts';
import type { Port } from '../port/client-port.ts';
import type { Strings } from '../../shared/text/en.ts';
import { type AppState, type Overlay, screenOf, staysInSight } from './app-state.ts';
import { PrivateActions } from './private-actions.ts';
import { allConversations, conversationWith, nameAtHand, unreadOf, unreadTotal } from './conversations.ts';
import { oncePerTick } from './once-per-tick.ts';
import { recallPlace, rememberPlace } from './last-place.ts';
import { SearchActions } from './search-actions.ts';
import { isActive, privateSessionOf, endedPrivateSessionAfter } from './private-sessions.ts';
import { ThreadActions } from './thread-actions.ts';
import { Announcer } from './announcer.ts';
import { draftsOf, Writing } from './writing.ts';

const ACTIVITY_EVERY_MS = 5_000;

/** What the person can do, for every part of the window. */
export class Actions {
  readonly threads: ThreadActions;
  readonly writing: Writing;
  readonly privateSessions: PrivateActions;
  readonly search: SearchActions;
  readonly #announcer: Announcer;
  readonly #looks = new PageLooks();
  #lastActivity = 0;

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly strings: Strings,
  ) {
    this.#announcer = new Announcer(store, strings);
    this.threads = new ThreadActions(store, port, this.#announcer);
    this.writing = new Writing(store, port, this.#announcer);
    this.search = new SearchActions(store, port);
    this.privateSessions = new PrivateActions(
      store,
      strings,
      this.#announcer,
      (...toast) => this.notify(...toast),
      () => this.tellUnread(),
      (name, params) => this.run(name, params),
    );
  }

  run<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    return this.port.command(name, params);
  }

  /** Runs a command whose failure is only to be said. @returns whether it was done */
  async attempt<K extends CommandName>(name: K, params: CommandParams<K>): Promise<boolean> {
    const outcome = await this.run(name, params);
    if (!outcome.ok) this.notice(this.failureText(outcome.failure), 'bad');
    return outcome.ok;
  }

  /** Reads everything anew: at the start, when the link to the host was lost, when there is another client. */
  async reload(): Promise<void> {
    const { view, hostState } = await this.port.read();
    const before = this.store.getState();
    const same = before.view.username === view.username && sameServer(before.hostState.server, hostState.server);
    const drafts = draftsOf(hostState);
    this.store.setState({
      ...(same
        ? {}
        : {
            chosen: undefined,
            opened: undefined,
            notes: {},
            optimisticMessages: [],
            sendFailures: {},
            search: undefined,
          }),
      // Nothing of what is locked stays open behind the lock screen.
      ...(hostState.lock === 'locked' ? { overlay: undefined, privateNotes: {}, scrollTarget: undefined } : {}),
      phase: 'ready',
      view,
      endedPrivateSession: same && hostState.lock !== 'locked' ? endedPrivateSessionAfter(before, view) : undefined,
      hostState,
      // What was typed here is newer than what the host remembers.
      drafts: same ? { ...drafts, ...before.drafts } : drafts,
      threads: {},
      unreadPrivate: same ? stillUnseen(before.unreadPrivate, view) : {},
      sessionSeen: staysInSight(same && before.sessionSeen, view),
    });
    const unsaved = this.writing.goOn();
    this.store.setState((state) => ({ drafts: { ...state.drafts, ...unsaved } }));
    this.tellUnread();
    if (same && before.chosen !== undefined) await this.threads.begin(before.chosen, unreadOf(view, before.chosen));
    else if (before.phase === 'loading' || before.hostState.lock === 'locked') this.#reopen();
  }

  /** A page that was loaded again, or unlocked, goes on where it was. */
  #reopen(): void {
    const place = recallPlace(this.store.getState());
    if (place !== undefined) this.choose(place.conversation, place.username);
  }

  /** The browser has gone back, or forward again: to the list, or to a conversation. */
  wentTo(): void {
    const state = this.store.getState();
    const place = recallPlace(state);
    if (place === undefined) this.#showList();
    else if (place.conversation !== state.chosen) this.choose(place.conversation, place.username);
  }

  /** Opens a conversation where it was read to. */
  choose(conversation: string, username?: string): void {
    const unread = this.#open(conversation, username);
    void this.threads.begin(conversation, unread);
    this.privateSessions.look();
  }

  /** Which part of a conversation is in sight that also goes on aside. */
  choosePart(part: 'aside' | 'server'): void {
    this.store.setState({ besideAside: part === 'server' });
    this.look();
  }

  /** Somebody has seen that a private session is over. */
  dismissEndedPrivateSession(): void {
    this.store.setState({ endedPrivateSession: undefined, besideAside: false });
    this.look();
  }

  /** What is in sight is read, where somebody is looking. */
  look(): void {
    this.threads.read();
    this.privateSessions.look();
  }

  /** Opens a conversation at one of its messages (G2). @param words what was looked for, to be marked there */
  async openMessage({ conversation, position, to, from, incoming }: Message, words: string): Promise<void> {
    if (this.store.getState().chosen !== conversation) this.#open(conversation, incoming ? from : to);
    this.store.setState({ overlay: undefined, drawerOpen: false, besideAside: true, endedPrivateSession: undefined });
    if (await this.threads.seek(conversation, position, words)) return;
    this.notice(this.strings.search.gone, 'bad');
    if (this.store.getState().threads[conversation] === undefined) await this.threads.begin(conversation, 0);
  }

  /** @returns how many messages of it are unread */
  #open(conversation: string, username: string | undefined): number {
    const state = this.store.getState();
    const known = state.view.conversations.find(({ id }) => id === conversation);
    if (state.chosen !== undefined && state.chosen !== conversation) this.threads.leave(state.chosen);
    this.store.setState({
      chosen: conversation,
      opened: known === undefined ? (username ?? nameAtHand(state.view, conversation) ?? state.opened) : state.opened,
      newSince: undefined,
      atEnd: true,
      scrollTarget: undefined,
      besideAside: false,
      endedPrivateSession:
        state.endedPrivateSession?.conversation === conversation ? state.endedPrivateSession : undefined,
      overlay: undefined,
      drawerOpen: false,
    });
    rememberPlace(state, conversation, username);
    return unreadOf(state.view, conversation);
  }

  openPerson(username: string): void {
    this.choose(conversationWith(username), username);
  }

  /** The conversation above or below the chosen one, as they are listed. */
  chooseNeighbour(step: 1 | -1): void {
    const { view, opened, chosen } = this.store.getState();
    const ids = allConversations(view, opened).map(({ id }) => id);
    const place = chosen === undefined ? -1 : ids.indexOf(chosen);
    const next = ids[(place + step + ids.length) % ids.length];
    if (next !== undefined) this.choose(next);
  }

  closeConversation(): void {
    this.#showList();
    rememberPlace(this.store.getState(), undefined, undefined);
  }

  #showList(): void {
    this.store.setState({ chosen: undefined, endedPrivateSession: undefined, drawerOpen: false });
  }

  /** Looks for what was looked for last, in the conversation in sight. @param everywhere in all of them */
  find(everywhere: boolean): void {
    const { chosen, search } = this.store.getState();
    this.search.begin(search?.text ?? '', everywhere ? undefined : chosen);
  }

  #quiet(): boolean {
    const { preferences } = this.store.getState().hostState;
    return !preferences.notifications || quietOf(preferences, Date.now()) !== undefined;
  }

  /** The person did something (B5); few of these leave the window. */
  active(): void {
    const now = Date.now();
    if (now - this.#lastActivity < ACTIVITY_EVERY_MS) return;
    if (this.store.getState().view.connection.state !== 'online') return;
    this.#lastActivity = now;
    void this.run('session.activity', {});
  }

  show(overlay: Overlay): void {
    this.store.setState({ overlay });
  }

  closeOverlay(): void {
    this.store.setState({ overlay: undefined });
  }

  toggleDrawer(open: boolean): void {
    this.store.setState({ drawerOpen: open, search: undefined });
  }

  setPreferences(change: Partial<Preferences>): void {
    this.#writePreferences({ ...this.store.getState().hostState.preferences, ...change });
  }

  /** Asks the shell. */
  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    // What waits here belongs to the account so far, which this may be the end of.
    this.writing.flush();
    return this.port.host(name, params);
  }

  /** Locks what is kept here; the lock screen comes with the next reading. */
  async lockNow(): Promise<void> {
    const outcome = await this.host('host.lock', {});
    if (!outcome.ok) this.notice(this.failureText(outcome.failure), 'bad');
  }

  /** Ends the app on the desktop. */
  async quit(): Promise<void> {
    const outcome = await this.host('host.quit', {});
    if (!outcome.ok) this.notice(this.failureText(outcome.failure), 'bad');
  }

  setSigningIn(signingIn: boolean): void {
    this.store.setState({ signingIn });
  }

  /** @param length from now on; undefined: disturb again */
  setQuiet(length: QuietFor | undefined): void {
    this.#writePreferences(withQuiet(this.store.getState().hostState.preferences, length, Date.now()));
  }

  #writePreferences(preferences: Preferences): void {
    this.store.setState((state) => ({ hostState: { ...state.hostState, preferences } }));
    void this.port.host('host.writePreferences', preferences);
  }

  openLink(url: string): void {
    void this.port.host('host.openLink', { url });
  }

  /** Lets other pages and windows know which conversation somebody looks at here. */
  tellLook(): void {
    const state = this.store.getState();
    const seen = screenOf(state) === 'main' && document.hasFocus();
    this.#looks.lookAt(seen ? state.chosen : undefined);
  }

  /**
   * Raises a notification, unless its conversation is looked at elsewhere; a page of a browser has no buttons on it.
   * @returns whether the person wants any just now
   */
  notify(conversation: string, title: string, body: string, actions?: readonly NotificationAction[]): boolean {
    if (this.#quiet()) return false;
    void this.#looks.unlessElsewhere(conversation, () => {
      if (this.store.getState().hostState.kind === 'browser') {
        // A message must not take the place of a request that still waits for its answer.
        const tag = `${actions === undefined ? 'message' : 'request'} ${conversation}`;
        notifyInPage(title, body, tag, () => this.choose(conversation));
      } else {
        const buttons = actions === undefined ? {} : { actions: [...actions] };
        void this.port.host('host.notify', { conversation, title, body, ...buttons });
      }
    });
    return true;
  }

  readonly tellUnread = oncePerTick(() => {
    void this.port.host('host.setUnread', unreadTotal(this.store.getState()));
  });

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.notice(this.strings.copied);
    } catch {
      this.notice(this.strings.notCopied, 'bad');
    }
  }

  notice(text: string, tone?: 'plain' | 'bad'): void {
    this.#announcer.toast(text, tone);
  }

  dismiss(key: number): void {
    this.#announcer.dismiss(key);
  }

  /** What is typed cannot be saved just now, or can again; where one writes it is to be read. */
  draftsUnsaved(unsaved: boolean): void {
    this.store.setState(({ hostState: { draftsUnsaved: _before, ...hostState } }) => ({
      hostState: unsaved ? { ...hostState, draftsUnsaved: true } : hostState,
    }));
    if (unsaved) this.announce(this.strings.composer.unsaved);
  }

  announce(text: string): void {
    this.#announcer.announce(text);
  }

  failureText(failure: Failure): string {
    return this.#announcer.failureText(failure);
  }
}

/** What was said aside is gone with its session (F7). */
function stillUnseen(unseen: AppState['unreadPrivate'], view: ViewState): AppState['unreadPrivate'] {
  return Object.fromEntries(
    Object.entries(unseen).filter(([conversation]) => isActive(privateSessionOf(view, conversation))),
  );
}

function sameServer(one: ServerChoice | undefined, other: ServerChoice | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port && one?.plaintext === other?.plaintext;
}
