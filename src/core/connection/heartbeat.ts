import { LIMITS } from '../../shared/protocol/limits.ts';
import type { Clock, Timer } from '../ports.ts';

/**
 * Keeps a connection alive and notices when it is dead: pings after 30 s without sending, gives up after 75 s without
 * hearing anything. Looks at the clock rather than counting timers, so that a computer that wakes up knows at once.
 */
export class Heartbeat {
  #sentAt: number;
  #heardAt: number;
  #timer: Timer | undefined;

  /**
   * @param ping sends something
   * @param silent the other side is gone
   */
  constructor(
    private readonly clock: Clock,
    private readonly ping: () => void,
    private readonly silent: () => void,
  ) {
    this.#sentAt = this.#heardAt = clock.now();
    this.#schedule();
  }

  sent(): void {
    this.#sentAt = this.clock.now();
  }

  heard(): void {
    this.#heardAt = this.clock.now();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): void {
    const due = Math.min(this.#sentAt + LIMITS.pingAfterMs, this.#heardAt + LIMITS.silenceMs);
    this.#timer = this.clock.after(Math.max(1, due - this.clock.now()), () => this.#check());
  }

  #check(): void {
    const now = this.clock.now();
    if (now - this.#heardAt >= LIMITS.silenceMs) {
      this.stop();
      this.silent();
      return;
    }
    // A clock that was set back must not keep the connection quiet for as long.
    if (now < this.#sentAt || now < this.#heardAt) this.#heardAt = now;
    if (now - this.#sentAt >= LIMITS.pingAfterMs || now < this.#sentAt) {
      this.#sentAt = now;
      this.ping();
    }
    this.#schedule();
  }
}
