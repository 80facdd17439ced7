import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Failure } from '../../shared/client-api/failure.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Port } from '../port/client-port.ts';
import type { ConversationsState } from './conversations.ts';
import type { OverlayState } from './overlay.ts';
import type { SliceStore } from './slice-store.ts';

/** Pause in typing before a search begins, in milliseconds. */
const PAUSE_MS = 30;
/** Messages that a search finds at a time. */
const PAGE_SIZE = 50;

/** A search for words in the history, in one conversation or in all (G2). */
export interface Search {
  readonly text: string;
  readonly conversation: string | undefined;
  /** The messages found so far, newest first. */
  readonly messages: readonly Message[];
  readonly phase: 'looking' | 'done';
  /** There may be more messages before this position. */
  readonly next: number | undefined;
  readonly failure: Failure | undefined;
  /** Rises each time that the user opens the search. */
  readonly asked: number;
}

export interface SearchState {
  /** Undefined: the window shows no search. */
  readonly search: Search | undefined;
}

export function initialSearch(): SearchState {
  return { search: undefined };
}

/** The search after an event: deleted messages disappear. */
export function searchAfter(search: Search | undefined, event: NumberedEvent): Search | undefined {
  if (search === undefined) return undefined;
  if (event.name === 'history.replaced') return { ...search, messages: [], next: undefined };
  if (event.name !== 'message.removed') return search;
  const { id, conversation } = event.params;
  const messages = search.messages.filter((one) => one.id !== id || one.conversation !== conversation);
  return messages.length === search.messages.length ? search : { ...search, messages };
}

/** Searches the local history while the user types (G2). */
export class SearchActions {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the searches: a result of an earlier one is dropped. */
  #question = 0;

  constructor(
    private readonly store: SliceStore<SearchState & OverlayState & ConversationsState>,
    private readonly port: Port,
  ) {}

  /** Searches for the last text again. @param everywhere in all conversations, else in the chosen one */
  reopen(everywhere: boolean): void {
    const { chosen, search } = this.store.getState();
    this.open(search?.text ?? '', everywhere ? undefined : chosen);
  }

  /** @param conversation undefined: all */
  open(text: string, conversation: string | undefined): void {
    const { search } = this.store.getState();
    this.store.setState({ overlay: undefined, drawerOpen: true });
    this.#start(text, conversation, 0, (search?.asked ?? 0) + 1);
  }

  setText(text: string): void {
    const { search } = this.store.getState();
    if (search !== undefined) this.#start(text, search.conversation, PAUSE_MS);
  }

  setConversation(conversation: string | undefined): void {
    const { search } = this.store.getState();
    if (search !== undefined) this.#start(search.text, conversation, 0);
  }

  /** Loads messages older than those found so far. */
  loadMore(): void {
    const { search } = this.store.getState();
    if (search?.next === undefined || search.phase === 'looking') return;
    this.store.setState({ search: { ...search, phase: 'looking' } });
    void this.#load(++this.#question, PAGE_SIZE);
  }

  close(): void {
    this.#question++;
    clearTimeout(this.#timer);
    this.store.setState({ search: undefined, drawerOpen: false });
  }

  #start(text: string, conversation: string | undefined, pauseMs: number, asked?: number): void {
    const question = ++this.#question;
    const before = this.store.getState().search;
    const empty = text.trim() === '';
    // The messages found for fewer letters stay visible until there are new ones.
    const messages = empty || before?.conversation !== conversation ? [] : (before?.messages ?? []);
    const search: Search = {
      text,
      conversation,
      messages,
      phase: empty ? 'done' : 'looking',
      next: undefined,
      failure: undefined,
      asked: asked ?? before?.asked ?? 0,
    };
    this.store.setState({ search });
    clearTimeout(this.#timer);
    if (!empty) this.#timer = setTimeout(() => void this.#load(question, PAGE_SIZE, true), pauseMs);
  }

  /** The host searches in bounded steps, and a step may find nothing. @param isNew replaces the messages found before */
  async #load(question: number, wanted: number, isNew = false): Promise<void> {
    let { search } = this.store.getState();
    let replaces = isNew;
    for (let left = wanted; left > 0 && search !== undefined; ) {
      const { text, conversation, next } = search;
      const outcome = await this.port.command('history.search', {
        text,
        limit: left,
        ...(conversation === undefined ? {} : { conversation }),
        ...(replaces || next === undefined ? {} : { before: next }),
      });
      ({ search } = this.store.getState());
      if (search === undefined || question !== this.#question) return;
      if (!outcome.ok) {
        this.store.setState({ search: { ...search, phase: 'done', failure: outcome.failure } });
        return;
      }
      const { messages: found, next: further } = outcome.result;
      left -= found.length;
      const more = left > 0 && further !== undefined;
      const messages = replaces ? found : [...search.messages, ...found];
      search = { ...search, messages, next: further, phase: more ? 'looking' : 'done' };
      replaces = false;
      this.store.setState({ search });
      if (!more) return;
    }
  }
}
