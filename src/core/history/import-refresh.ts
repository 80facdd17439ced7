import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { Clock, Timer } from '../ports.ts';

/** Tells what an import has added: once, at its end, or some seconds after its last part where no end comes (G8). */
export class ImportRefresh {
  #timer: Timer | undefined;

  /** @param tell may throw when the disk fails */
  constructor(
    private readonly clock: Clock,
    private readonly tell: () => void,
  ) {}

  /** Something was added. Throws when the disk fails. @param more another part is to follow; its page may go away instead */
  added(more: boolean): void {
    this.stop();
    if (more) this.#timer = this.clock.after(CLIENT_LIMITS.importPauseMs, () => void runHistoryOperation(this.tell));
    else this.tell();
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
