import type { Message } from '../../../shared/client-api/view-state.ts';
import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import type { HistoryStore } from '../../ports.ts';
import type { PrivateMessage } from '../../../shared/client-api/private-view.ts';

/** Saves private messages to the history when both sides ask for it (F7). No other private message gets there. */
export class SavedMessages {
  /** Own unconfirmed messages by id: an undelivered message is not saved. */
  readonly #sent = new Map<string, PrivateMessage>();

  constructor(
    private readonly history: HistoryStore,
    private readonly ownName: () => string,
  ) {}

  /** @returns the saved message; none for an own one before its confirmation. Throws when the disk fails. */
  add(message: PrivateMessage): readonly Message[] {
    if (!message.incoming) {
      this.#sent.set(message.id, message);
      return [];
    }
    const { id, username, text, at } = message;
    const conversation = conversationWith(username);
    return this.history.commit(
      [{ id, conversation, from: username, to: this.ownName(), text, at, isPrivate: true }],
      [],
    ).added;
  }

  /** Saves own confirmed messages. @returns the saved messages. Throws when the disk fails. */
  confirm(ids: readonly string[]): readonly Message[] {
    return ids.flatMap((id) => {
      const message = this.#sent.get(id);
      if (message === undefined) return [];
      this.#sent.delete(id);
      const { username: to, text, at } = message;
      const parts = { id, conversation: conversationWith(to), from: this.ownName(), to, text, at };
      return this.history.addOutgoing({ ...parts, status: { state: 'delivered' }, isPrivate: true });
    });
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.#sent.delete(id);
  }
}
