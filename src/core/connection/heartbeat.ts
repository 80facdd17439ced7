import { CLIENT_LIMITS, LIMITS } from '../../shared/limits.ts';
import type { Clock, Timer } from '../ports.ts';

/**
 * Keeps a connection alive and detects a dead one: pings after 30 s without sending, gives up after 75 s without
 * receiving. Timers may stand still while the computer sleeps, so the caller calls `check` when it wakes up.
 */
export class Heartbeat {
  #sentAt: number;
  #heardAt: number;
  #timer: Timer | undefined;
  /** Set while `check` waits for a sign of life. */
  #deadline: Timer | undefined;

  /**
   * @param ping sends a request that the server answers
   * @param silent called when the server is gone
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

  /** Tests whether the server is still there; gives up at once, or if nothing arrives within 5 s. */
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
    // After the clock was set back, the old times are in the future and would delay the next ping.
    if (now < this.#sentAt || now < this.#heardAt) this.#heardAt = now;
    if (now - this.#sentAt >= LIMITS.pingAfterMs || now < this.#sentAt) {
      this.#sentAt = now;
      this.ping();
    }
    this.#schedule();
  }
}
