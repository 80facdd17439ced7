import type { StoreApi } from 'zustand/vanilla';
import type { Failure, Outcome } from '../../shared/client-api/failure.ts';
import type { HostFacts } from '../../shared/client-api/host.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Port } from '../port/client-port.ts';
import type { AppState } from './app-state.ts';
import { conversationWith, EVERYONE } from './conversations.ts';
import { withSending } from './sending.ts';
import type { Voice } from './voice.ts';

const DRAFT_DELAY_MS = 300;

/** What the person writes, from the first letter until it has been taken over. */
export class Writing {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly voice: Voice,
  ) {}

  setDraft(conversation: string, text: string): void {
    this.#set(conversation, text);
    this.#later(conversation, () => void this.port.host('host.writeDraft', { conversation, text }));
  }

  /** An unfinished private text: the host holds it in memory, and it never goes to the disk (F7). */
  setAsideDraft(username: string, text: string): void {
    const key = asideDraft(username);
    const conversation = conversationWith(username);
    this.#set(key, text);
    this.#later(key, () => void this.port.host('host.writeDraft', { conversation, text, aside: true }));
  }

  /** Sends what is written; it stays in the field where it could not even be kept here. */
  async send(conversation: string, username: string | undefined, text: string): Promise<void> {
    this.setDraft(conversation, '');
    const shown = this.#show(conversation, username, text);
    const outcome: Outcome<unknown> =
      conversation === EVERYONE || username === undefined
        ? await this.port.command('message.broadcast', { text })
        : await this.port.command('message.send', { to: username, text });
    this.#unshow(shown);
    if (!outcome.ok) this.#giveBack(conversation, text, outcome.failure, (back) => this.setDraft(conversation, back));
  }

  /** Sends the same text once more, as a new message. */
  async sendAgain({ to, text, conversation }: Message): Promise<void> {
    await this.send(conversation, to, text);
  }

  /** Says something aside. What is not taken comes back into the field. */
  async sayAside(username: string, text: string): Promise<void> {
    this.setAsideDraft(username, '');
    const outcome = await this.port.command('private.say', { username, text });
    if (outcome.ok) return;
    this.#giveBack(asideDraft(username), text, outcome.failure, (back) => this.setAsideDraft(username, back));
  }

  /** The message is in sight before the host has it. @returns what it is called until then */
  #show(conversation: string, to: string | undefined, text: string): string | undefined {
    const { sending, view } = this.store.getState();
    const from = view.username ?? '';
    const more = withSending(sending, { conversation, from, to, text, at: Date.now() });
    this.store.setState({ sending: more });
    return more.at(-1)?.id;
  }

  #unshow(id: string | undefined): void {
    this.store.setState(({ sending }) => ({ sending: sending.filter((one) => one.id !== id) }));
  }

  #giveBack(key: string, text: string, failure: Failure, set: (text: string) => void): void {
    const since = this.store.getState().drafts[key] ?? '';
    set(since === '' ? text : `${text}\n${since}`);
    this.store.setState((state) => ({ sendFailures: { ...state.sendFailures, [key]: failure } }));
    this.voice.speak(this.voice.failureText(failure));
  }

  #set(key: string, text: string): void {
    this.store.setState(({ drafts, sendFailures: { [key]: _mended, ...others } }) => ({
      drafts: { ...drafts, [key]: text },
      sendFailures: others,
    }));
  }

  #later(key: string, write: () => void): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(write, DRAFT_DELAY_MS));
  }
}

/** Under which name the unfinished private text to somebody is held. */
export function asideDraft(username: string): string {
  return asideKey(conversationWith(username));
}

/** All unfinished texts that the host holds. */
export function draftsOf({ drafts, asideDrafts = {} }: HostFacts): Readonly<Record<string, string>> {
  const aside = Object.entries(asideDrafts).map(([conversation, text]) => [asideKey(conversation), text]);
  return { ...drafts, ...(Object.fromEntries(aside) as Record<string, string>) };
}

function asideKey(conversation: string): string {
  return `aside ${conversation}`;
}
