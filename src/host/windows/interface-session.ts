import { z } from 'zod';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import { type HostFrame, interfaceFrame } from '../../shared/client-api/frames.ts';
import type { AppHost } from '../app-host.ts';
import { runHostCommand } from '../host-commands.ts';

/** Commands of one user interface that may be under way at the same time. */
const COMMANDS_UNDER_WAY = 256;

const addressed = z.object({ id: z.int().nonnegative() });

/**
 * One user interface in another process: its frames in, the host's frames out. It is told of events from its first
 * reading on, so that a snapshot and what follows it never leave a gap; each further reading starts anew.
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
   * @param frame whatever came
   * @returns false where it cannot even be answered; the other side is no user interface of ours
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
      this.#unsubscribe ??= this.host.join((told) => this.send(told));
      this.host.look();
      this.send({ id: data.id, ...this.host.read() });
    } else if (this.#underWay >= COMMANDS_UNDER_WAY) {
      this.#answer(data.id, failed('too-many-waiting'));
    } else {
      const { id, params } = data;
      void this.#run(id, () =>
        'host' in data ? runHostCommand(this.host, data.host, params) : this.host.run(data.command, params),
      );
    }
    return true;
  }

  /** The user interface is gone. Its commands go on; nobody hears of them. */
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
      // A bug, or a history that was closed meanwhile: the one who waits is told, and the app goes on.
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
