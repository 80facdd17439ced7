import { z } from 'zod';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import { type HostFrame, interfaceFrame } from '../../shared/client-api/frames.ts';
import type { AppHost } from '../app-host.ts';
import { runHostCommand } from '../host-commands.ts';
import { HOST_LIMITS } from '../../shared/limits.ts';

const addressed = z.object({ id: z.int().nonnegative() });

/**
 * Session of one user interface in another process: receives its frames, sends the host's frames. Events are sent from
 * the first `read` on, so that there is no gap between the snapshot and the events after it.
 */
export class InterfaceSession {
  #unsubscribe: (() => void) | undefined;
  #underWay = 0;
  #ended = false;

  /** @param send takes a frame as plain JSON; may be called from within `receive` */
  constructor(
    private readonly host: AppHost,
    private readonly send: (frame: HostFrame) => void,
  ) {}

  /**
   * @param frame unvalidated
   * @returns false if the frame cannot be answered, so the other side is not a user interface of this app
   */
  receive(frame: unknown): boolean {
    if (this.#ended) return true;
    const parsed = interfaceFrame.safeParse(frame);
    if (!parsed.success) {
      const to = addressed.safeParse(frame);
      if (to.success) this.#answer(to.data.id, failed('invalid-command'));
      return to.success;
    }
    const { data } = parsed;
    if ('read' in data) {
      this.#unsubscribe ??= this.host.join((output) => this.send(output));
      this.host.refreshLock();
      this.send({ id: data.id, ...this.host.read() });
    } else if (this.#underWay >= HOST_LIMITS.commandsRunning) {
      this.#answer(data.id, failed('too-many-waiting'));
    } else {
      const { id, params } = data;
      void this.#run(id, () =>
        'host' in data ? runHostCommand(this.host, data.host, params) : this.host.run(data.command, params),
      );
    }
    return true;
  }

  /** Ends the session. Its commands continue; their outcomes are dropped. */
  end(): void {
    this.#ended = true;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  async #run(id: number, command: () => Promise<Outcome<unknown>>): Promise<void> {
    this.#underWay++;
    try {
      this.#answer(id, await command());
    } catch (error) {
      // A bug, or a history that was closed meanwhile: answer the command, and keep the app running.
      process.stderr.write(`aside: a command failed: ${error instanceof Error ? error.message : 'unknown'}\n`);
      this.#answer(id, failed('storage-here'));
    } finally {
      this.#underWay--;
    }
  }

  #answer(id: number, outcome: Outcome<unknown>): void {
    if (!this.#ended) this.send({ id, outcome });
  }
}
