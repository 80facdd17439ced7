import type { CommandName, CommandParams, CommandResult, NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { HostCommandName, HostCommandParams, HostCommandResult } from '../../shared/client-api/host.ts';
import type { Port, PortListener } from './client-port.ts';

/** Waiting events are delivered after this time if no animation frame comes, as in a covered window; milliseconds. */
const NO_FRAME_MS = 250;

/** The browser's animation frames and timers. */
interface Frames {
  /** @returns takes it back */
  next(call: () => void): () => void;
  /** The window is hidden. */
  hidden(): boolean;
}

const BROWSER_FRAMES: Frames = {
  next: (call) => {
    const frame = requestAnimationFrame(call);
    const timer = setTimeout(call, NO_FRAME_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  },
  hidden: () => document.hidden,
};

/**
 * Delivers a single event at once, and many events together, once an animation frame: a burst of a thousand messages
 * then needs few renders, not a thousand. The order stays: answers and host events come after earlier events.
 */
export class BatchingPort implements Port {
  readonly #listeners = new Set<PortListener>();
  #waiting: NumberedEvent[] = [];
  #cancelFrame: (() => void) | undefined;

  constructor(
    private readonly port: Port,
    private readonly frames: Frames = BROWSER_FRAMES,
  ) {
    port.subscribe({
      event: (event) => this.#event(event),
      hostEvent: (event) => {
        this.#emitWaiting();
        for (const listener of this.#listeners) listener.hostEvent(event);
      },
      link: (state) => {
        this.#emitWaiting();
        for (const listener of this.#listeners) listener.link(state);
      },
    });
  }

  read(): ReturnType<Port['read']> {
    return this.#inOrder(this.port.read());
  }

  subscribe(listener: PortListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  command<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    return this.#inOrder(this.port.command(name, params));
  }

  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    return this.#inOrder(this.port.host(name, params));
  }

  async #inOrder<T>(answer: Promise<T>): Promise<T> {
    const result = await answer;
    this.#emitWaiting();
    return result;
  }

  #event(event: NumberedEvent): void {
    this.#waiting.push(event);
    // Notifications do not wait for frames, of which a hidden window has none (G5).
    if (this.#cancelFrame === undefined || this.frames.hidden()) this.#emitWaiting();
    this.#cancelFrame ??= this.frames.next(() => this.#frameCame());
  }

  #frameCame(): void {
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    if (this.#waiting.length === 0) return;
    this.#cancelFrame = this.frames.next(() => this.#frameCame());
    this.#emitWaiting();
  }

  #emitWaiting(): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) {
      for (const listener of this.#listeners) listener.event(event);
    }
  }
}
