import type { Message } from '../../../shared/client-api/view-state.ts';
import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import type { HistoryStore } from '../../ports.ts';
import type { PrivateMessage } from '../../../shared/client-api/private-view.ts';

/** What is said aside and kept, because both want it (F7). Nothing else of private talk reaches the history. */
export class SavedMessages {
  /** One's own that the other has not confirmed, by id: what never arrived is not kept. */
  readonly #sent = new Map<string, PrivateMessage>();

  constructor(
    private readonly history: HistoryStore,
    private readonly ownName: () => string,
  ) {}

  /** @returns the message as it is in the history now. Throws when the disk fails. */
  add(message: PrivateMessage): Message[] {
    if (!message.incoming) {
      this.#sent.set(message.id, message);
      return [];
    }
    const { id, username, text, at } = message;
    const conversation = conversationWith(username);
    return this.history.commit(
      [{ id, conversation, from: username, to: this.ownName(), text, at, isPrivate: true }],
      [],
    );
  }

  /** @returns the messages as they are in the history now. Throws when the disk fails. */
  confirm(ids: readonly string[]): Message[] {
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
