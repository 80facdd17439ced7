import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { AppShell } from '../app-shell.ts';

/**
 * Withdraws stale notifications: of a conversation that was read, in any window, and of a request that was answered or has
 * ended. The host does this, not the page, so that it also works while no page is open (G5).
 */
export class StaleNotifications {
  /** Conversations of users whose request for a private session is unanswered. */
  readonly #initiators = new Set<string>();

  constructor(private readonly shell: Pick<AppShell, 'withdraw' | 'withdrawAll'>) {}

  onEvent(event: NumberedEvent): void {
    if (event.name === 'conversation.read') {
      const { conversation, unread } = event.params;
      if (unread > 0) return;
      this.shell.withdraw?.('message', conversation);
      // Withdraw the result of a request, but keep an unanswered request.
      if (!this.#initiators.has(conversation)) this.shell.withdraw?.('request', conversation);
    } else if (event.name === 'private.changed') {
      const { username, state } = event.params.session;
      const conversation = conversationWith(username);
      if (state.state === 'asked') this.#initiators.add(conversation);
      else if (this.#initiators.delete(conversation)) this.shell.withdraw?.('request', conversation);
    }
  }

  /** Withdraws all notifications: their conversations cannot be shown any more. */
  accountClosed(): void {
    this.#initiators.clear();
    this.shell.withdrawAll?.();
  }
}
