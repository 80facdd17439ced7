import type { StoreApi } from 'zustand/vanilla';
import { failed, type Failure, type Outcome } from '../../shared/client-api/failure.ts';
import { DRAFT_CHARACTERS, type HostCommandParams, type HostState } from '../../shared/client-api/host.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { uuidV7 } from '../../shared/client-api/uuid.ts';
import type { Port } from '../port/client-port.ts';
import type { AppState } from './app-state.ts';
import { conversationWith, EVERYONE } from './conversations.ts';
import { DraftsOnTheirWay } from './drafts-on-their-way.ts';
import { withOptimisticMessage } from './optimistic-messages.ts';
import type { Announcer } from './announcer.ts';

/** What the person writes, from the first letter until it has been taken over. */
export class Writing {
  readonly #drafts = new DraftsOnTheirWay();
  /** Wakes what was said and has no answer yet. */
  #unanswered: (() => void)[] = [];
  /** What came back into the field though the server may have it, by account and conversation: it keeps its id. */
  readonly #doubtful = new Map<string, { readonly id: string; readonly text: string }>();

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly port: Port,
    private readonly announcer: Announcer,
  ) {}

  setDraft(conversation: string, text: string): void {
    this.#set(conversation, text);
    this.#keep(conversation, text, { conversation, text });
  }

  /** An unfinished private text: the host holds it in memory, and it never goes to the disk (F7). */
  setPrivateDraft(username: string, text: string): void {
    const key = privateDraftKey(username);
    const conversation = conversationWith(username);
    this.#set(key, text);
    this.#keep(key, text, { conversation, text, isPrivate: true });
  }

  /** Sends what is written; it stays in the field where it could not even be kept here. */
  async send(conversation: string, username: string | undefined, text: string): Promise<void> {
    this.setDraft(conversation, '');
    const place = `${this.#account()}\n${conversation}`;
    const id = this.#idFor(place, text);
    this.#show(id, conversation, username, text);
    const outcome = await this.#say(() => this.#send(conversation, username, { id, text }));
    this.#unshow(id);
    if (outcome.ok) return;
    this.#doubtful.set(place, { id, text });
    this.#giveBack(conversation, text, outcome.failure, (back) => this.setDraft(conversation, back));
  }

  #send(
    conversation: string,
    to: string | undefined,
    what: { readonly id: string; readonly text: string },
  ): Promise<Outcome<unknown>> {
    if (conversation === EVERYONE) return this.port.command('message.broadcast', what);
    // Words to one person must never go to all, whatever was not known of them.
    if (to === undefined) return Promise.resolve(failed('invalid-command'));
    return this.port.command('message.send', { ...what, to });
  }

  /** Sends the same text once more, as a new message. */
  async sendAgain({ to, text, conversation }: Message): Promise<void> {
    await this.send(conversation, to, text);
  }

  /** Says something aside. What is not taken comes back into the field. */
  async sendPrivate(username: string, text: string): Promise<void> {
    this.setPrivateDraft(username, '');
    const id = newId();
    const outcome = await this.#say(() => this.port.command('private.say', { id, username, text }));
    if (outcome.ok) return;
    this.#giveBack(privateDraftKey(username), text, outcome.failure, (back) => this.setPrivateDraft(username, back));
  }

  /** What the host has as a draft now; what was typed here since is newer. */
  draftChanged({ conversation, text, isPrivate }: HostCommandParams<'host.writeDraft'>): void {
    const key = isPrivate === true ? privateKey(conversation) : conversation;
    if (this.#drafts.of(this.#account())[key] !== undefined || this.store.getState().drafts[key] === text) return;
    this.#set(key, text);
  }

  /** There is a link to the host again, or another account behind it. @returns drafts that the host may not have */
  goOn(): Readonly<Record<string, string>> {
    const drafts = this.#drafts.of(this.#account());
    this.flush();
    for (const wake of this.#unanswered.splice(0)) wake();
    return drafts;
  }

  /** Takes to the host what still waits here: the window goes, and nothing typed is lost (G7). */
  flush(): void {
    this.#drafts.flush();
  }

  /**
   * Says it until there is an answer: where the link to the host is lost meanwhile, once more when it is back, and the
   * account with it. By its id the host knows what it has taken already (D3).
   */
  async #say(run: () => Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
    const account = this.#account();
    for (;;) {
      if (account === this.#account()) {
        const outcome = await run();
        if (outcome.ok || this.store.getState().link === 'connected') return outcome;
      }
      await new Promise<void>((wake) => this.#unanswered.push(wake));
    }
  }

  #keep(key: string, text: string, params: HostCommandParams<'host.writeDraft'>): void {
    const account = this.#account();
    this.#drafts.set({ account, key, text }, () =>
      account === this.#account()
        ? this.port.host('host.writeDraft', { ...params, text: text.slice(0, DRAFT_CHARACTERS) })
        : Promise.resolve(failed('connection-lost')),
    );
  }

  /** Whose words these are. */
  #account(): string {
    const { view, hostState } = this.store.getState();
    return `${view.username ?? ''} ${hostState.server?.host ?? ''} ${hostState.server?.port ?? ''}`;
  }

  /** The message is in sight before the host has it. */
  #show(id: string, conversation: string, to: string | undefined, text: string): void {
    const { optimisticMessages, view } = this.store.getState();
    const from = view.username ?? '';
    this.store.setState({
      optimisticMessages: withOptimisticMessage(optimisticMessages, {
        id,
        conversation,
        from,
        to,
        text,
        at: Date.now(),
      }),
    });
  }

  #unshow(id: string): void {
    this.store.setState(({ optimisticMessages }) => ({
      optimisticMessages: optimisticMessages.filter((one) => one.id !== id),
    }));
  }

  #giveBack(key: string, text: string, failure: Failure, set: (text: string) => void): void {
    const since = this.store.getState().drafts[key] ?? '';
    set(since === '' ? text : `${text}\n${since}`);
    this.store.setState((state) => ({ sendFailures: { ...state.sendFailures, [key]: failure } }));
    this.announcer.announce(this.announcer.failureText(failure));
  }

  #set(key: string, text: string): void {
    this.store.setState(({ drafts, sendFailures: { [key]: _mended, ...others } }) => ({
      drafts: { ...drafts, [key]: text },
      sendFailures: others,
    }));
  }

  #idFor(place: string, text: string): string {
    const doubtful = this.#doubtful.get(place);
    this.#doubtful.delete(place);
    return doubtful?.text === text ? doubtful.id : newId();
  }
}

function newId(): string {
  return uuidV7(Date.now(), { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}

/** Under which name the unfinished private text to somebody is held. */
export function privateDraftKey(username: string): string {
  return privateKey(conversationWith(username));
}

/** All unfinished texts that the host holds. */
export function draftsOf({ drafts, privateDrafts = {} }: HostState): Readonly<Record<string, string>> {
  const aside = Object.entries(privateDrafts).map(([conversation, text]) => [privateKey(conversation), text]);
  return { ...drafts, ...(Object.fromEntries(aside) as Record<string, string>) };
}

function privateKey(conversation: string): string {
  return `aside ${conversation}`;
}
