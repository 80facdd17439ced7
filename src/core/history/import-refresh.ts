import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { Clock, Timer } from '../ports.ts';

/** Refreshes the view once after an import: at its end, or some seconds after its last part if no end arrives (G8). */
export class ImportRefresh {
  #timer: Timer | undefined;

  /** @param refresh may throw when the disk fails */
  constructor(
    private readonly clock: Clock,
    private readonly refresh: () => void,
  ) {}

  /** An import has added messages. Throws when the disk fails. @param more another part follows, unless its page closes */
  added(more: boolean): void {
    this.stop();
    if (more) this.#timer = this.clock.after(CLIENT_LIMITS.importPauseMs, () => void runHistoryOperation(this.refresh));
    else this.refresh();
  }

  /** Cancels a pending refresh. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
