import type { NotificationAction } from '../../shared/client-api/host.ts';
import type { Port } from '../port/client-port.ts';
import { PageLooks } from '../port/page-looks.ts';
import { notifyInPage } from '../port/page-notifications.ts';
import type { ClientState } from './client.ts';
import type { ConversationsState } from './conversations.ts';
import type { OverlayState } from './overlay.ts';
import { isQuiet } from './preferences.ts';
import { isUncovered } from './private-sessions.ts';
import type { SliceStore } from './slice-store.ts';

export interface NewNotification {
  readonly conversation: string;
  readonly title: string;
  readonly body: string;
  /** Buttons; a page of a browser shows none. */
  readonly actions?: readonly NotificationAction[];
}

export class NotificationActions {
  readonly #looks = new PageLooks();

  /** @param open called when the user clicks a notification of the page */
  constructor(
    private readonly store: SliceStore<ClientState & ConversationsState & OverlayState>,
    private readonly port: Port,
    private readonly open: (conversation: string) => void,
  ) {}

  /** Tells other pages and windows the conversation that this one shows to the user. */
  publishFocus(): void {
    const state = this.store.getState();
    const seen = isUncovered(state) && document.hasFocus();
    this.#looks.lookAt(seen ? state.chosen : undefined);
  }

  /**
   * Raises a notification, unless another page or window shows its conversation.
   * @returns false if the user wants no notifications now
   */
  raise(notification: NewNotification): boolean {
    if (isQuiet(this.store.getState().hostState.preferences)) return false;
    void this.#looks.unlessElsewhere(notification.conversation, () => this.#raise(notification));
    return true;
  }

  #raise({ conversation, title, body, actions }: NewNotification): void {
    if (this.store.getState().hostState.kind === 'browser') {
      // A message must not replace a request that still waits for the user's answer.
      const tag = `${actions === undefined ? 'message' : 'request'} ${conversation}`;
      notifyInPage(title, body, tag, () => this.open(conversation));
      return;
    }
    const buttons = actions === undefined ? {} : { actions: [...actions] };
    void this.port.host('host.notify', { conversation, title, body, ...buttons });
  }
}
