import type {
  ClientEvent,
  CommandName,
  CommandParams,
  CommandResult,
  EventName,
  EventParams,
} from '../../../src/shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../../src/shared/client-api/failure.ts';
import {
  DEFAULT_PREFERENCES,
  type HostCommandName,
  type HostCommandParams,
  type HostCommandResult,
  type HostEvent,
  type HostState,
} from '../../../src/shared/client-api/host.ts';
import { foldText } from '../../../src/shared/client-api/fold-text.ts';
import { emptyView, reduce } from '../../../src/shared/client-api/reduce.ts';
import type { Message, MessageStatus, ViewState } from '../../../src/shared/client-api/view-state.ts';
import type { LinkState, Port, PortListener } from '../../../src/renderer/port/client-port.ts';

type Answer<P, R> = (params: P) => Outcome<R> | Promise<Outcome<R>>;
type Answers = { [K in CommandName]?: Answer<CommandParams<K>, CommandResult<K>> };

type HostAnswers = { [K in HostCommandName]?: Answer<HostCommandParams<K>, HostCommandResult<K>> };

/** A recorded command. */
export interface Call {
  readonly name: CommandName | HostCommandName;
  readonly params: unknown;
}

/**
 * A client in memory, for tests and for the window without a server. It keeps the contract (numbered events, the same
 * `reduce`). It answers read commands from its data, and all other commands as the test has set.
 */
export class FakePort implements Port {
  readonly calls: Call[] = [];
  readonly messages = new Map<string, Message[]>();
  view: ViewState;
  hostState: HostState;
  readonly #listeners = new Set<PortListener>();
  readonly #answers: Answers = {};
  readonly #hostAnswers: HostAnswers = {};

  constructor(view: Partial<ViewState> = {}, hostState: Partial<HostState> = {}) {
    this.view = { ...emptyView(), ...view };
    this.hostState = {
      kind: 'browser',
      version: '0.1.0',
      lock: 'none',
      preferences: DEFAULT_PREFERENCES,
      drafts: {},
      ...hostState,
    };
  }

  /** Sets the result of a command. */
  answer<K extends CommandName>(name: K, handler: Answer<CommandParams<K>, CommandResult<K>>): void {
    const answers: { [N in K]?: Answer<CommandParams<N>, CommandResult<N>> } = this.#answers;
    answers[name] = handler;
  }

  answerHost<K extends HostCommandName>(name: K, handler: Answer<HostCommandParams<K>, HostCommandResult<K>>): void {
    const answers: { [N in K]?: Answer<HostCommandParams<N>, HostCommandResult<N>> } = this.#hostAnswers;
    answers[name] = handler;
  }

  emit<K extends EventName>(name: K, params: EventParams<K>): void {
    // `name` and `params` belong together by the signature; the union of such pairs cannot be spelled without a cast.
    const event = { seq: this.view.seq + 1, name, params } as ClientEvent & { readonly seq: number };
    this.view = reduce(this.view, event);
    for (const listener of this.#listeners) listener.event(event);
  }

  emitHost(event: HostEvent): void {
    for (const listener of this.#listeners) listener.hostEvent(event);
  }

  setLink(state: LinkState): void {
    for (const listener of this.#listeners) listener.link(state);
  }

  /** Adds a message to the history and emits its event. */
  add(message: Message): void {
    this.messages.set(message.conversation, [...(this.messages.get(message.conversation) ?? []), message]);
    this.emit('message.added', { message });
  }

  /** Adds a message to the history only, as if it was there before the window opened. */
  put(message: Message): void {
    const known = this.messages.get(message.conversation);
    if (known === undefined) this.messages.set(message.conversation, [message]);
    else known.push(message);
  }

  /** Changes the status of a message. */
  change({ id, conversation, to = '' }: Message, status: MessageStatus): void {
    const messages = this.messages.get(conversation) ?? [];
    this.messages.set(
      conversation,
      messages.map((one) => (one.id === id ? { ...one, status } : one)),
    );
    this.emit('message.changed', { id, conversation, to, status });
  }

  read(): Promise<{ view: ViewState; hostState: HostState }> {
    return Promise.resolve({ view: this.view, hostState: this.hostState });
  }

  subscribe(listener: PortListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  command<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    this.calls.push({ name, params });
    const answers: { [N in K]?: Answer<CommandParams<N>, CommandResult<N>> } = this.#answers;
    const answer = answers[name];
    if (answer !== undefined) return Promise.resolve(answer(params));
    return Promise.resolve(this.#standard(name, params) as Outcome<CommandResult<K>>);
  }

  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    this.calls.push({ name, params });
    const answers: { [N in K]?: Answer<HostCommandParams<N>, HostCommandResult<N>> } = this.#hostAnswers;
    const answer = answers[name];
    if (answer !== undefined) return Promise.resolve(answer(params));
    return Promise.resolve(this.#standardOfHost(name, params) as Outcome<HostCommandResult<K>>);
  }

  #standardOfHost(name: HostCommandName, params: unknown): Outcome<unknown> {
    if (name === 'host.probeServer') return succeeded({ trust: 'known' });
    if (name === 'host.chooseServer') {
      this.hostState = { ...this.hostState, server: params as HostCommandParams<'host.chooseServer'> };
      this.emitHost({ name: 'host.replaced' });
    }
    return succeeded({});
  }

  #standard(name: CommandName, params: unknown): Outcome<unknown> {
    if (name === 'history.export') return succeeded({ text: '', messages: 0 });
    if (name === 'history.import') return succeeded({ added: 0, repeated: 0, faults: [], place: 0 });
    if (name === 'history.delete') return this.#forget((params as CommandParams<'history.delete'>).conversation);
    if (name === 'history.page') return succeeded(this.#page(params as CommandParams<'history.page'>));
    if (name === 'history.after') return succeeded(this.#after(params as CommandParams<'history.after'>));
    if (name === 'history.around') return succeeded(this.#around(params as CommandParams<'history.around'>));
    if (name === 'history.unread') return succeeded(this.#unread(params as CommandParams<'history.unread'>));
    if (name === 'history.since') return succeeded(this.#since(params as CommandParams<'history.since'>));
    if (name === 'history.search') return succeeded(this.#search(params as CommandParams<'history.search'>));
    if (name === 'message.delete') return this.#delete(params as CommandParams<'message.delete'>);
    if (name === 'conversation.read') {
      this.#read(params as CommandParams<'conversation.read'>);
    }
    if (name === 'message.cancel') return this.#cancel((params as CommandParams<'message.cancel'>).id);
    if (name === 'people.search' || name === 'presence.history') return succeeded({ users: [] });
    if (name === 'message.send' || name === 'session.measure') return failed('offline', { detail: 'no-connection' });
    return succeeded({});
  }

  #read({ conversation, through }: CommandParams<'conversation.read'>): void {
    const before = this.view.conversations.find(({ id }) => id === conversation)?.unread ?? 0;
    const later = (this.messages.get(conversation) ?? []).filter((one) => one.incoming && one.position > through);
    this.emit('conversation.read', { conversation, unread: Math.min(before, later.length) });
  }

  #page({ conversation, before = Infinity, limit }: CommandParams<'history.page'>): { messages: Message[] } {
    const all = this.messages.get(conversation) ?? [];
    const end = before === Infinity ? all.length : all.findIndex(({ position }) => position >= before);
    return { messages: all.slice(Math.max(0, (end < 0 ? all.length : end) - limit), end < 0 ? undefined : end) };
  }

  #forget(conversation: string | undefined): Outcome<unknown> {
    if (conversation === undefined) this.messages.clear();
    else this.messages.delete(conversation);
    const conversations = this.view.conversations.filter(({ id }) => this.messages.has(id));
    this.emit('history.replaced', { conversations });
    return succeeded({});
  }

  #after({ conversation, position, limit }: CommandParams<'history.after'>): { messages: Message[] } {
    const later = (this.messages.get(conversation) ?? []).filter((one) => one.position > position);
    return { messages: later.slice(0, limit) };
  }

  #around({ conversation, position, limit }: CommandParams<'history.around'>): { messages: Message[] } {
    const older = this.#page({ conversation, before: position + 1, limit: Math.ceil(limit / 2) });
    const newer = this.#after({ conversation, position, limit: Math.floor(limit / 2) });
    return { messages: [...older.messages, ...newer.messages] };
  }

  /** As many of the newest messages of other users are unread as the view says. */
  #unread({ conversation, limit }: CommandParams<'history.unread'>): CommandResult<'history.unread'> {
    const unread = this.view.conversations.find(({ id }) => id === conversation)?.unread ?? 0;
    const incoming = (this.messages.get(conversation) ?? []).filter((one) => one.incoming);
    const position = unread === 0 ? undefined : incoming.at(-Math.min(unread, incoming.length))?.position;
    if (position === undefined) return this.#page({ conversation, limit });
    return { ...this.#around({ conversation, position, limit }), first: position };
  }

  #since({ conversation, at, limit }: CommandParams<'history.since'>): CommandResult<'history.since'> {
    const position = (this.messages.get(conversation) ?? []).find((one) => one.at >= at)?.position;
    if (position === undefined) return { messages: [] };
    return { ...this.#around({ conversation, position, limit }), first: position };
  }

  #search({
    text,
    conversation,
    before = Infinity,
    limit,
  }: CommandParams<'history.search'>): CommandResult<'history.search'> {
    const parts = foldText(text).split(/\s+/u).filter(Boolean);
    const messages = [...this.messages.values()]
      .flat()
      .filter((one) => one.position < before && (conversation ?? one.conversation) === one.conversation)
      .filter((one) => parts.length > 0 && parts.every((part) => foldText(one.text).includes(part)))
      .sort((one, other) => other.position - one.position);
    const next = messages.length > limit ? messages[limit - 1]?.position : undefined;
    return { messages: messages.slice(0, limit), ...(next === undefined ? {} : { next }) };
  }

  #delete({ conversation, position }: CommandParams<'message.delete'>): Outcome<unknown> {
    const messages = this.messages.get(conversation) ?? [];
    const gone = messages.find((one) => one.position === position);
    if (gone === undefined) return failed('not-here');
    const rest = messages.filter((one) => one !== gone);
    this.messages.set(conversation, rest);
    const last = rest.at(-1);
    this.emit('message.removed', { id: gone.id, conversation, ...(last === undefined ? {} : { last }) });
    return succeeded({});
  }

  #cancel(id: string): Outcome<unknown> {
    for (const [conversation, messages] of this.messages) {
      if (!messages.some((one) => one.id === id)) continue;
      this.messages.set(
        conversation,
        messages.filter((one) => one.id !== id),
      );
      this.emit('message.removed', { id, conversation });
      return succeeded({});
    }
    return failed('not-waiting');
  }
}
