import type { CommandName, CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import type { HostCommandName, HostCommandParams, HostCommandResult, HostState } from '../../shared/client-api/host.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import { type HostFrame, hostFrame, type InterfaceFrame } from '../../shared/client-api/frames.ts';
import type { LinkState, Port, PortListener } from './client-port.ts';

type Reading = { readonly view: ViewState; readonly hostState: HostState };

/** Carries frames to the host. */
export interface Transport {
  send(frame: InterfaceFrame): void;
  /** Starts; `open` and `closed` may alternate. */
  start(handler: TransportHandler): void;
}

export interface TransportHandler {
  open(): void;
  frame(frame: unknown): void;
  closed(): void;
  /** The host runs but refuses this page. Follows `closed`. */
  refused(): void;
}

/**
 * The port over frames to a host in another process. Comes back by itself after a loss; commands under way then fail
 * with `connection-lost`.
 */
export class FramePort implements Port {
  readonly #listeners = new Set<PortListener>();
  readonly #commands = new Map<number, (outcome: Outcome<unknown>) => void>();
  #readers: ((reading: Reading) => void)[] = [];
  #open = false;
  #nextId = 1;

  constructor(private readonly transport: Transport) {
    transport.start({
      open: () => this.#opened(),
      frame: (frame) => {
        const parsed = hostFrame.safeParse(frame);
        // A newer host may send events that this version doesn't know; ignore them.
        if (parsed.success) this.#received(parsed.data);
      },
      closed: () => this.#closed(),
      refused: () => this.#tellLink('refused'),
    });
  }

  read(): Promise<Reading> {
    return new Promise((resolve) => {
      this.#readers.push(resolve);
      if (this.#open) this.transport.send({ id: this.#nextId++, read: 'all' });
    });
  }

  subscribe(listener: PortListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  command<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    return this.#call((id) => ({ id, command: name, params }));
  }

  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>> {
    return this.#call((id) => ({ id, host: name, params }));
  }

  /** The host answers with what the contract says of this command. */
  #call<T>(frame: (id: number) => InterfaceFrame): Promise<Outcome<T>> {
    if (!this.#open) return Promise.resolve(failed('connection-lost'));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#commands.set(id, (outcome) => resolve(outcome as Outcome<T>));
      this.transport.send(frame(id));
    });
  }

  #opened(): void {
    this.#open = true;
    this.#tellLink('connected');
    if (this.#readers.length > 0) this.transport.send({ id: this.#nextId++, read: 'all' });
  }

  #received(frame: HostFrame): void {
    if ('outcome' in frame) {
      const answer = this.#commands.get(frame.id);
      this.#commands.delete(frame.id);
      answer?.(frame.outcome);
    } else if ('view' in frame) {
      const readers = this.#readers;
      this.#readers = [];
      for (const resolve of readers) resolve({ view: frame.view, hostState: frame.hostState });
    } else if ('event' in frame) {
      for (const listener of this.#listeners) listener.event(frame.event);
    } else {
      for (const listener of this.#listeners) listener.hostEvent(frame.hostEvent);
    }
  }

  #closed(): void {
    this.#open = false;
    const commands = [...this.#commands.values()];
    this.#commands.clear();
    for (const answer of commands) answer(failed('connection-lost'));
    this.#tellLink('lost');
  }

  #tellLink(state: LinkState): void {
    for (const listener of this.#listeners) listener.link(state);
  }
}
