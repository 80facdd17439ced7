import type { StoreApi } from 'zustand/vanilla';
import type { CommandName, CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Failure, Outcome } from '../../shared/client-api/failure.ts';
import type {
  HostCommandName,
  HostCommandParams,
  HostCommandResult,
  Preferences,
  ServerChoice,
} from '../../shared/client-api/host.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { notifyInPage } from '../port/page-notifications.ts';
import type { Port } from '../port/client-port.ts';
import type { Strings } from '../strings/en.ts';
import type { AppState, AsideNote, Overlay } from './app-state.ts';
import { allConversations, conversationWith, EVERYONE, unreadCount } from './conversations.ts';
import { PAGE_SIZE, withPage } from './threads.ts';

const DRAFT_DELAY_MS = 300;
const NOTICE_MS = 6_000;
/** The contract's largest page. */
const PAGE_LARGEST = 500;
const ACTIVITY_EVERY_MS = 5_000;

/** What the person can do, for every part of the window. */
export class Actions {
  #draftTimers = new Map<string, ReturnType<typeof setTimeout>>();
  #noticeKey = 0;
  #lastActivity = 0;

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly strings: Strings,
  ) {}

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
    const { view, facts } = await this.port.read();
    const before = this.store.getState();
    const same = before.view.username === view.username && sameServer(before.facts.server, facts.server);
    this.store.setState({
      ...(same ? {} : { chosen: undefined, opened: undefined, notes: {}, sendFailures: {} }),
      phase: 'ready',
      view,
      facts,
      // What was typed here is newer than what the host remembers.
      drafts: same ? { ...facts.drafts, ...before.drafts } : facts.drafts,
      threads: {},
      sessionSeen: (same && before.sessionSeen) || view.connection.state === 'online',
    });
    this.tellUnread();
    if (same && before.chosen !== undefined) await this.loadOlder(before.chosen);
  }

  choose(conversation: string, username?: string): void {
    const { view, opened } = this.store.getState();
    const unread = view.conversations.find(({ id }) => id === conversation)?.unread ?? 0;
    const known = view.conversations.some(({ id }) => id === conversation);
    this.store.setState({
      chosen: conversation,
      opened: !known && username !== undefined ? username : opened,
      newSince: undefined,
      besideAside: false,
      overlay: undefined,
      drawerOpen: false,
    });
    void this.#firstPage(conversation, unread);
  }

  async #firstPage(conversation: string, unread: number): Promise<void> {
    if (this.store.getState().threads[conversation] === undefined) {
      await this.loadOlder(conversation, Math.max(PAGE_SIZE, Math.min(PAGE_LARGEST, unread + PAGE_SIZE)));
    }
    this.#markNew(conversation, unread);
    this.read();
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
    this.store.setState({ chosen: undefined, drawerOpen: false });
  }

  /** One more page of the past, unless it is under way or there is none. */
  async loadOlder(conversation: string, limit: number = PAGE_SIZE): Promise<void> {
    const thread = this.store.getState().threads[conversation];
    if (thread?.loading === true || thread?.complete === true) return;
    const before = thread?.messages[0]?.position;
    this.#setThread(conversation, { messages: thread?.messages ?? [], complete: false, loading: true });
    const outcome = await this.run('history.page', {
      conversation,
      limit,
      ...(before === undefined ? {} : { before }),
    });
    const now = this.store.getState().threads[conversation];
    if (!outcome.ok) {
      this.#setThread(conversation, { messages: now?.messages ?? [], complete: true, loading: false });
      this.notice(this.failureText(outcome.failure), 'bad');
      return;
    }
    this.#setThread(conversation, withPage(now, outcome.result.messages, limit));
  }

  /** What is in sight counts as read, where somebody is looking. */
  read(): void {
    const { chosen, view, threads } = this.store.getState();
    if (chosen === undefined || !document.hasFocus()) return;
    const conversation = view.conversations.find(({ id }) => id === chosen);
    const through = threads[chosen]?.messages.at(-1)?.position ?? conversation?.last?.position;
    if (conversation === undefined || conversation.unread === 0 || through === undefined) return;
    void this.run('conversation.read', { conversation: chosen, through });
  }

  setDraft(conversation: string, text: string): void {
    const { drafts, sendFailures } = this.store.getState();
    const { [conversation]: _mended, ...others } = sendFailures;
    this.store.setState({ drafts: { ...drafts, [conversation]: text }, sendFailures: others });
    clearTimeout(this.#draftTimers.get(conversation));
    const write = () => void this.port.host('host.writeDraft', { conversation, text });
    this.#draftTimers.set(conversation, setTimeout(write, DRAFT_DELAY_MS));
  }

  /** Sends what is written; it stays in the field where it could not even be kept here. */
  async send(conversation: string, username: string | undefined, text: string): Promise<void> {
    this.setDraft(conversation, '');
    const outcome =
      conversation === EVERYONE || username === undefined
        ? await this.run('message.broadcast', { text })
        : await this.run('message.send', { to: username, text });
    if (outcome.ok) return;
    const { drafts } = this.store.getState();
    const since = drafts[conversation] ?? '';
    this.setDraft(conversation, since === '' ? text : `${text}\n${since}`);
    this.store.setState((state) => ({ sendFailures: { ...state.sendFailures, [conversation]: outcome.failure } }));
    this.speak(this.failureText(outcome.failure));
  }

  /** Says something aside. What is not taken comes back into the field; it never goes to the disk (F7). */
  async sayAside(username: string, text: string): Promise<void> {
    const key = asideDraft(username);
    this.setAsideDraft(username, '');
    const outcome = await this.run('private.say', { username, text });
    if (outcome.ok) return;
    this.store.setState((state) => {
      const since = state.drafts[key] ?? '';
      return {
        drafts: { ...state.drafts, [key]: since === '' ? text : `${text}\n${since}` },
        sendFailures: { ...state.sendFailures, [key]: outcome.failure },
      };
    });
    this.speak(this.failureText(outcome.failure));
  }

  /** An unfinished private text lives in this window only. */
  setAsideDraft(username: string, text: string): void {
    this.store.setState(({ drafts, sendFailures }) => {
      const { [asideDraft(username)]: _mended, ...others } = sendFailures;
      return { drafts: { ...drafts, [asideDraft(username)]: text }, sendFailures: others };
    });
  }

  /** @param note undefined: there is nothing to say any more */
  noteAside(username: string, note: AsideNote | undefined): void {
    const conversation = conversationWith(username);
    this.store.setState(({ asideNotes }) => {
      const { [conversation]: _before, ...others } = asideNotes;
      return { asideNotes: note === undefined ? others : { ...others, [conversation]: note } };
    });
    if (note !== undefined) this.speak(note.text);
  }

  asideAsked(username: string): void {
    const text = this.strings.aside.asksYou(username);
    this.speak(text);
    if (!document.hasFocus() && !this.#quiet()) this.notify(conversationWith(username), username, text);
  }

  asideUnseen(username: string): void {
    const text = this.strings.aside.saidSomething(username);
    this.speak(text);
    if (!this.#quiet()) this.notify(conversationWith(username), username, text);
  }

  asideUndelivered(username: string, count: number): void {
    if (count > 0) this.notice(this.strings.aside.undelivered(username, count), 'bad');
  }

  asideIdentity(username: string): void {
    this.noteAside(username, { kind: 'identity', text: this.strings.aside.identityChanged(username), loud: true });
  }

  /** Which part of a conversation is in sight that also goes on aside. */
  lookBeside(besideAside: boolean): void {
    this.store.setState({ besideAside });
  }

  #quiet(): boolean {
    const { notifications, quietUntil = 0 } = this.store.getState().facts.preferences;
    return !notifications || quietUntil > Date.now();
  }

  /** Sends the same text once more, as a new message. */
  async sendAgain({ to, text, conversation }: Message): Promise<void> {
    await this.send(conversation, to, text);
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
    this.store.setState({ drawerOpen: open });
  }

  setPreferences(change: Partial<Preferences>): void {
    this.#writePreferences({ ...this.store.getState().facts.preferences, ...change });
  }

  /** Asks the shell. */
  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    return this.port.host(name, params);
  }

  setEntering(entering: boolean): void {
    this.store.setState({ entering });
  }

  /** @param quietUntil milliseconds since 1970 UTC; undefined: disturb again */
  setQuiet(quietUntil: number | undefined): void {
    const { facts } = this.store.getState();
    const { quietUntil: _until, ...others } = facts.preferences;
    this.#writePreferences(quietUntil === undefined ? others : { ...others, quietUntil });
  }

  #writePreferences(preferences: Preferences): void {
    this.store.setState((state) => ({ facts: { ...state.facts, preferences } }));
    void this.port.host('host.writePreferences', preferences);
  }

  openLink(url: string): void {
    void this.port.host('host.openLink', { url });
  }

  notify(conversation: string, title: string, body: string): void {
    if (this.store.getState().facts.kind === 'browser') {
      notifyInPage(title, body, conversation, () => this.choose(conversation));
      return;
    }
    void this.port.host('host.notify', { conversation, title, body });
  }

  tellUnread(): void {
    void this.port.host('host.setUnread', { count: unreadCount(this.store.getState().view) });
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.notice(this.strings.copied);
    } catch {
      this.notice(this.strings.notCopied, 'bad');
    }
  }

  notice(text: string, tone: 'plain' | 'bad' = 'plain'): void {
    const key = ++this.#noticeKey;
    this.store.setState((state) => ({ notices: [...state.notices.slice(-2), { key, text, tone }] }));
    this.speak(text);
    setTimeout(() => this.dismiss(key), NOTICE_MS);
  }

  dismiss(key: number): void {
    this.store.setState((state) => ({ notices: state.notices.filter((one) => one.key !== key) }));
  }

  speak(text: string): void {
    this.store.setState((state) => ({ spoken: { text, key: state.spoken.key + 1 } }));
  }

  /** The sentence for a failure: this catalogue's, else the one that came with it. */
  failureText({ reason, text }: Failure): string {
    const known: Readonly<Record<string, string>> = this.strings.failures;
    return Object.hasOwn(known, reason) ? (known[reason] ?? text) : text;
  }

  #setThread(conversation: string, thread: AppState['threads'][string]): void {
    this.store.setState((state) => ({ threads: { ...state.threads, [conversation]: thread } }));
  }

  #markNew(conversation: string, unread: number): void {
    const { chosen, threads } = this.store.getState();
    if (chosen !== conversation || unread === 0) return;
    const incoming = (threads[conversation]?.messages ?? []).filter((one) => one.incoming);
    this.store.setState({ newSince: incoming.at(-Math.min(unread, incoming.length))?.position });
  }
}

/** Under which name the unfinished private text to somebody is held. */
export function asideDraft(username: string): string {
  return `aside ${username}`;
}

function sameServer(one: ServerChoice | undefined, other: ServerChoice | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port && one?.plaintext === other?.plaintext;
}
