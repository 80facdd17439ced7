import { EVERYONE } from '../../shared/client-api/conversation-id.ts';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { uuidV7 } from '../../shared/client-api/uuid.ts';
import type { Port } from '../port/client-port.ts';
import { accountKey, type ClientState } from './client.ts';
import { type DraftActions, privateDraftKey } from './drafts.ts';
import { type OptimisticState, withOptimisticMessage } from './optimistic-messages.ts';
import type { SliceStore } from './slice-store.ts';
import type { ToastActions } from './toasts.ts';

interface NewText {
  readonly id: string;
  readonly text: string;
}

/** Sends messages. The text of a message that could not be sent becomes the draft again. */
export class SendingActions {
  /** Resumes the messages that have no answer from the host yet. */
  #unanswered: (() => void)[] = [];
  /** Ids of the refused messages that are being sent again. */
  readonly #again = new Set<string>();
  /** Messages that failed although the server may have them, by account and conversation: sent again, they keep their ids. */
  readonly #uncertain = new Map<string, NewText>();

  constructor(
    private readonly store: SliceStore<OptimisticState & ClientState>,
    private readonly port: Port,
    private readonly drafts: DraftActions,
    private readonly toasts: ToastActions,
  ) {}

  /** @param username undefined: a broadcast */
  async send(conversation: string, username: string | undefined, text: string): Promise<void> {
    this.drafts.set(conversation, '');
    const place = `${this.#account()}\n${conversation}`;
    const id = this.#idFor(place, text);
    const outcome = await this.#deliver(conversation, username, { id, text });
    if (outcome.ok) return;
    this.#uncertain.set(place, { id, text });
    this.drafts.giveBack(conversation, text, outcome.failure, (back) => this.drafts.set(conversation, back));
  }

  async #deliver(conversation: string, to: string | undefined, message: NewText): Promise<Outcome<unknown>> {
    this.#showOptimistic(message.id, conversation, to, message.text);
    const outcome = await this.#untilAnswered(() => this.#send(conversation, to, message));
    this.#hideOptimistic(message.id);
    return outcome;
  }

  #send(conversation: string, to: string | undefined, message: NewText): Promise<Outcome<unknown>> {
    if (conversation === EVERYONE) return this.port.command('message.broadcast', message);
    // A message to one user must never become a broadcast because the name is missing.
    if (to === undefined) return Promise.resolve(failed('invalid-command'));
    return this.port.command('message.send', { ...message, to });
  }

  /** Sends the text of a refused message again. The new message replaces it; a second call meanwhile does nothing. */
  async sendAgain({ id: refused, to, text, conversation, position }: Message): Promise<void> {
    if (this.#again.has(refused)) return;
    this.#again.add(refused);
    const sent = await this.#deliver(conversation, to, { id: newId(), text });
    if (sent.ok) await this.port.command('message.delete', { conversation, position });
    else this.toasts.showFailure(sent.failure);
    this.#again.delete(refused);
  }

  async sendPrivate(username: string, text: string): Promise<void> {
    this.drafts.setPrivate(username, '');
    const id = newId();
    const outcome = await this.#untilAnswered(() => this.port.command('private.say', { id, username, text }));
    if (outcome.ok) return;
    this.drafts.giveBack(privateDraftKey(username), text, outcome.failure, (back) =>
      this.drafts.setPrivate(username, back),
    );
  }

  /** There is a link to the host again, or another account: runs the unanswered commands again. */
  resume(): void {
    for (const resume of this.#unanswered.splice(0)) resume();
  }

  /**
   * Runs a command until it has an answer: after a lost link to the host again, when the link and the account are back.
   * The host recognises a message that it has by its id (D3).
   */
  async #untilAnswered(run: () => Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
    const account = this.#account();
    for (;;) {
      if (account === this.#account()) {
        const outcome = await run();
        if (outcome.ok || this.store.getState().link === 'connected') return outcome;
      }
      await new Promise<void>((resume) => this.#unanswered.push(resume));
    }
  }

  #showOptimistic(id: string, conversation: string, to: string | undefined, text: string): void {
    const { optimisticMessages, view } = this.store.getState();
    const message = { id, conversation, from: view.username ?? '', to, text, at: Date.now() + view.clockOffset };
    this.store.setState({ optimisticMessages: withOptimisticMessage(optimisticMessages, message) });
  }

  #hideOptimistic(id: string): void {
    this.store.setState(({ optimisticMessages }) => ({
      optimisticMessages: optimisticMessages.filter((one) => one.id !== id),
    }));
  }

  #idFor(place: string, text: string): string {
    const uncertain = this.#uncertain.get(place);
    this.#uncertain.delete(place);
    return uncertain?.text === text ? uncertain.id : newId();
  }

  #account(): string {
    return accountKey(this.store.getState());
  }
}

function newId(): string {
  return uuidV7(Date.now(), { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}
