import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { Clock } from '../../ports.ts';
import type { PrivateSession } from './private-session.ts';

/** Requests of users with a pending request of this client, held until the server has answered that one. */
export class CrossingRequests {
  /** By folded username. */
  readonly #held = new Map<string, PrivateSession>();
  /** Callbacks of `wait`, by folded username. */
  readonly #waiting = new Map<string, () => void>();

  constructor(private readonly clock: Clock) {}

  of(username: string): PrivateSession | undefined {
    return this.#held.get(foldUsername(username));
  }

  has(session: PrivateSession): boolean {
    return this.of(session.facts.username) === session;
  }

  hold(session: PrivateSession): void {
    const folded = foldUsername(session.facts.username);
    this.#held.set(folded, session);
    this.#waiting.get(folded)?.();
  }

  release(username: string): void {
    this.#held.delete(foldUsername(username));
  }

  clear(): void {
    this.#held.clear();
  }

  /** Waits for the request of a user, which may arrive after the refusal of this client's. Ends without one in time. */
  async wait(username: string): Promise<void> {
    const folded = foldUsername(username);
    if (this.#held.has(folded)) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(PRIVATE_LIMITS.crossingMs, resolve);
      this.#waiting.set(folded, () => {
        timer.cancel();
        resolve();
      });
    });
    this.#waiting.delete(folded);
  }
}
