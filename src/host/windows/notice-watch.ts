import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Shell } from '../shell.ts';

/**
 * Takes notifications back that have become untrue: the conversation was read, here or in another window; the request
 * was answered or is over. Here and not in the page, so that it also holds while the page is gone (G5).
 */
export class NoticeWatch {
  /** Conversations with people who ask to talk aside. */
  readonly #asking = new Set<string>();

  constructor(private readonly shell: Pick<Shell, 'withdraw' | 'withdrawAll'>) {}

  happened(event: NumberedEvent): void {
    if (event.name === 'conversation.read') {
      const { conversation, unread } = event.params;
      if (unread > 0) return;
      this.shell.withdraw?.('message', conversation);
      // One that says what became of a request; whoever still waits for an answer stays.
      if (!this.#asking.has(conversation)) this.shell.withdraw?.('request', conversation);
    } else if (event.name === 'private.changed') {
      const { username, state } = event.params.session;
      const conversation = conversationWith(username);
      if (state.state === 'asked') this.#asking.add(conversation);
      else if (this.#asking.delete(conversation)) this.shell.withdraw?.('request', conversation);
    }
  }

  /** What it was about cannot be looked at any more. */
  accountClosed(): void {
    this.#asking.clear();
    this.shell.withdrawAll?.();
  }
}
