import type { StoreApi } from 'zustand/vanilla';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Port } from '../port/client-port.ts';
import type { AppState, Search } from './app-state.ts';

/** How long a pause in typing begins a search, milliseconds. */
const PAUSE_MS = 30;
/** Messages that are looked for at a time; more where somebody wants more. */
const FOUND = 50;

/** Looks for words in the local history, while they are typed (G2). */
export class SearchActions {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers to an earlier question come too late. */
  #question = 0;

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
  ) {}

  /** @param conversation only in this one */
  begin(text: string, conversation: string | undefined): void {
    const { search } = this.store.getState();
    this.store.setState({ overlay: undefined, drawerOpen: true });
    this.#ask(text, conversation, 0, (search?.asked ?? 0) + 1);
  }

  setText(text: string): void {
    const { search } = this.store.getState();
    if (search !== undefined) this.#ask(text, search.conversation, PAUSE_MS);
  }

  setConversation(conversation: string | undefined): void {
    const { search } = this.store.getState();
    if (search !== undefined) this.#ask(search.text, conversation, 0);
  }

  /** Goes on with messages before those that were found. */
  more(): void {
    const { search } = this.store.getState();
    if (search?.next === undefined || search.phase === 'looking') return;
    this.store.setState({ search: { ...search, phase: 'looking' } });
    void this.#look(++this.#question, FOUND);
  }

  end(): void {
    this.#question++;
    clearTimeout(this.#timer);
    this.store.setState({ search: undefined, drawerOpen: false });
  }

  #ask(text: string, conversation: string | undefined, pauseMs: number, asked?: number): void {
    const question = ++this.#question;
    const before = this.store.getState().search;
    const empty = text.trim() === '';
    // What was found for fewer letters stays in sight until there is something better.
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
    if (!empty) this.#timer = setTimeout(() => void this.#look(question, FOUND, true), pauseMs);
  }

  /** The history is looked through in bounded steps, of which one may find nothing. */
  async #look(question: number, wanted: number, anew = false): Promise<void> {
    let { search } = this.store.getState();
    let fresh = anew;
    for (let left = wanted; left > 0 && search !== undefined; ) {
      const { text, conversation, next } = search;
      const outcome = await this.port.command('history.search', {
        text,
        limit: left,
        ...(conversation === undefined ? {} : { conversation }),
        ...(fresh || next === undefined ? {} : { before: next }),
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
      const messages = fresh ? found : [...search.messages, ...found];
      search = { ...search, messages, next: further, phase: more ? 'looking' : 'done' };
      fresh = false;
      this.store.setState({ search });
      if (!more) return;
    }
  }
}

/** What an event makes of the messages that were found: what is deleted is not shown any longer. */
export function applyToSearch(search: Search | undefined, event: NumberedEvent): Search | undefined {
  if (search === undefined) return undefined;
  if (event.name === 'history.replaced') return { ...search, messages: [], next: undefined };
  if (event.name !== 'message.removed') return search;
  const { id, conversation } = event.params;
  const messages = search.messages.filter((one) => one.id !== id || one.conversation !== conversation);
  return messages.length === search.messages.length ? search : { ...search, messages };
}
