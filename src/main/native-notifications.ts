import { Notification } from 'electron';
import type { NativeNotification, NotificationKind } from '../host/app-shell.ts';
import type { NotificationAction } from '../shared/client-api/host.ts';
import { notificationBody } from './notification-body.ts';

/** Notifications that are kept track of; the oldest is taken back. */
const NOTIFICATIONS = 50;

/** What clicks do. */
export interface NotificationClicks {
  /** A notification was clicked. */
  chosen(conversation: string): void;
  /** A button of a notification was. */
  acted(action: NotificationAction, conversation: string): Promise<void>;
}

/** The notifications of the system that may still be seen: one of each kind in a conversation (G5). */
export class NativeNotifications {
  /** One that is not kept here is collected, and with it what a click would have done. */
  readonly #kept = new Map<string, Notification>();

  constructor(private readonly clicks: NotificationClicks) {}

  show({ kind, conversation, title, body, actions = [] }: NativeNotification): void {
    const key = keyOf(kind, conversation);
    this.#remove(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= NOTIFICATIONS && oldest.done !== true) this.#remove(oldest.value);
    const notice = new Notification({
      title,
      body: notificationBody(body, process.platform),
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    this.#kept.set(key, notice);
    notice.on('click', () => this.clicks.chosen(conversation));
    notice.on('action', ({ actionIndex }) => {
      const action = actions[actionIndex];
      if (action !== undefined) void this.clicks.acted(action, conversation);
    });
    notice.on('close', ({ reason }) => {
      // On Windows it has only left the screen then, and waits in the Action Center.
      if (reason === 'timedOut' || reason === 'applicationHidden') return;
      if (this.#kept.get(key) === notice) this.#kept.delete(key);
    });
    notice.show();
  }

  withdraw(kind: NotificationKind, conversation: string): void {
    this.#remove(keyOf(kind, conversation));
  }

  withdrawAll(): void {
    for (const key of [...this.#kept.keys()]) this.#remove(key);
  }

  #remove(key: string): void {
    const notice = this.#kept.get(key);
    this.#kept.delete(key);
    notice?.close();
  }
}

function keyOf(kind: NotificationKind, conversation: string): string {
  return `${kind} ${conversation}`;
}
