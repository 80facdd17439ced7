import { Notification } from 'electron';
import type { NativeNotification, NotificationKind } from '../host/app-shell.ts';
import type { NotificationAction } from '../shared/client-api/host.ts';
import { notificationBody } from './notification-body.ts';
import { HOST_LIMITS } from '../shared/limits.ts';

/** Handlers of clicks. */
export interface NotificationClicks {
  /** A notification was clicked. */
  chosen(conversation: string): void;
  /** A button of a notification was clicked. */
  acted(action: NotificationAction, conversation: string): Promise<void>;
}

/** Notifications that the system may still show: at most one of each kind for a conversation (G5). */
export class NativeNotifications {
  /** References keep notifications from garbage collection, which would remove their click handlers. */
  readonly #kept = new Map<string, Notification>();

  constructor(private readonly clicks: NotificationClicks) {}

  show({ kind, conversation, title, body, actions = [] }: NativeNotification): void {
    const key = keyOf(kind, conversation);
    this.#remove(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= HOST_LIMITS.notifications && oldest.done !== true) this.#remove(oldest.value);
    const notification = new Notification({
      title,
      body: notificationBody(body, process.platform),
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    this.#kept.set(key, notification);
    notification.on('click', () => this.clicks.chosen(conversation));
    notification.on('action', ({ actionIndex }) => {
      const action = actions[actionIndex];
      if (action !== undefined) void this.clicks.acted(action, conversation);
    });
    notification.on('close', ({ reason }) => {
      // On Windows the notification is then still in the Action Center.
      if (reason === 'timedOut' || reason === 'applicationHidden') return;
      if (this.#kept.get(key) === notification) this.#kept.delete(key);
    });
    notification.show();
  }

  withdraw(kind: NotificationKind, conversation: string): void {
    this.#remove(keyOf(kind, conversation));
  }

  withdrawAll(): void {
    for (const key of [...this.#kept.keys()]) this.#remove(key);
  }

  #remove(key: string): void {
    const notification = this.#kept.get(key);
    this.#kept.delete(key);
    notification?.close();
  }
}

function keyOf(kind: NotificationKind, conversation: string): string {
  return `${kind} ${conversation}`;
}
