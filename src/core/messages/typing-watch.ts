import { CLIENT_LIMITS } from '../../shared/limits.ts';
import type { Clock, Timer } from '../ports.ts';

/** The users that are typing. Each expires without a repeated notification, in case its client was lost while typing. */
export class TypingWatch {
  readonly #timers = new Map<string, Timer>();

  /** @param expired called for a user without a notification for `CLIENT_LIMITS.typingMs` */
  constructor(
    private readonly clock: Clock,
    private readonly expired: (username: string) => void,
  ) {}

  onTyping(username: string, typing: boolean): void {
    this.#timers.get(username)?.cancel();
    this.#timers.delete(username);
    if (!typing) return;
    const timer = this.clock.after(CLIENT_LIMITS.typingMs, () => {
      this.#timers.delete(username);
      this.expired(username);
    });
    this.#timers.set(username, timer);
  }

  /** Forgets all users. */
  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
