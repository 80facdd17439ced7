import { CLIENT_LIMITS, LIMITS } from '../../shared/limits.ts';
import type { Clock, Timer } from '../ports.ts';

/**
 * Keeps a connection alive and notices when it is dead: pings after 30 s without sending, gives up after 75 s without
 * hearing anything. It goes by the clock, but looks at it only when a timer falls due, and timers may stand still while a
 * computer sleeps: who is told that it wakes up calls `check`.
 */
export class Heartbeat {
  #sentAt: number;
  #heardAt: number;
  #timer: Timer | undefined;
  /** Runs while a sign of life is waited for. */
  #deadline: Timer | undefined;

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
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  /** Finds out soon whether the other side is still there: gives up at once, or where nothing is heard within 5 s. */
  check(): void {
    if (this.#deadline !== undefined) return;
    const now = this.clock.now();
    if (now - this.#heardAt >= LIMITS.silenceMs) this.#giveUp();
    else {
      this.#deadline = this.clock.after(CLIENT_LIMITS.signOfLifeMs, () => this.#giveUp());
      this.#sentAt = now;
      this.ping();
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#deadline?.cancel();
    this.#timer = this.#deadline = undefined;
  }

  #giveUp(): void {
    this.stop();
    this.silent();
  }

  #schedule(): void {
    const due = Math.min(this.#sentAt + LIMITS.pingAfterMs, this.#heardAt + LIMITS.silenceMs);
    this.#timer = this.clock.after(Math.max(1, due - this.clock.now()), () => this.#due());
  }

  #due(): void {
    const now = this.clock.now();
    if (now - this.#heardAt >= LIMITS.silenceMs) {
      this.#giveUp();
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
