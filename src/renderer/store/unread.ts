import { unreadCount } from '../../shared/client-api/unread.ts';
import type { Port } from '../port/client-port.ts';
import type { ClientState } from './client.ts';
import { oncePerMicrotask } from './once-per-microtask.ts';
import type { SliceStore } from './slice-store.ts';

export interface UnreadState {
  /** Number of unread private messages by conversation. The client's view counts the others. */
  readonly unreadPrivate: Readonly<Record<string, number>>;
}

export function initialUnread(): UnreadState {
  return { unreadPrivate: {} };
}

/** Number of all unread messages, and of the private ones among them. */
export function unreadTotal({ view, unreadPrivate }: Pick<ClientState, 'view'> & UnreadState): {
  readonly count: number;
  readonly privateCount: number;
} {
  const privateCount = Object.values(unreadPrivate).reduce((sum, count) => sum + count, 0);
  return { count: unreadCount(view, privateCount), privateCount };
}

export class UnreadActions {
  constructor(
    private readonly store: SliceStore<UnreadState & ClientState>,
    private readonly port: Port,
  ) {}

  /** Tells the host the number of unread messages, for the tray icon and the badge. */
  readonly publish = oncePerMicrotask(() => {
    void this.port.host('host.setUnread', unreadTotal(this.store.getState()));
  });

  addPrivate(conversation: string): void {
    const { unreadPrivate } = this.store.getState();
    this.#setPrivate({ ...unreadPrivate, [conversation]: (unreadPrivate[conversation] ?? 0) + 1 });
  }

  clearPrivate(conversation: string): void {
    const { [conversation]: count, ...others } = this.store.getState().unreadPrivate;
    if (count !== undefined) this.#setPrivate(others);
  }

  #setPrivate(unreadPrivate: UnreadState['unreadPrivate']): void {
    this.store.setState({ unreadPrivate });
    this.publish();
  }
}
