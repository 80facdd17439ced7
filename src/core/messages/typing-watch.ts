import { CLIENT_LIMITS } from '../../shared/limits.ts';
import type { Clock, Timer } from '../ports.ts';

/** Who is writing to us, each for as long as they say so: whoever is gone in the middle of a word stops writing here, too. */
export class TypingWatch {
  readonly #timers = new Map<string, Timer>();

  /** @param silent this person has not said for `CLIENT_LIMITS.typingMs` that they are writing */
  constructor(
    private readonly clock: Clock,
    private readonly silent: (username: string) => void,
  ) {}

  onTyping(username: string, typing: boolean): void {
    this.#timers.get(username)?.cancel();
    this.#timers.delete(username);
    if (!typing) return;
    const timer = this.clock.after(CLIENT_LIMITS.typingMs, () => {
      this.#timers.delete(username);
      this.silent(username);
    });
    this.#timers.set(username, timer);
  }

  /** Nobody is known to write. */
  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
