import type { CommandName, CommandParams, CommandResult, NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type {
  HostCommandName,
  HostCommandParams,
  HostCommandResult,
  HostEvent,
  HostState,
} from '../../shared/client-api/host.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';

/** Whether the program that holds the client can be heard; `refused`: another run of it does not know this page. */
export type LinkState = 'connected' | 'lost' | 'refused';

export interface PortListener {
  event(event: NumberedEvent): void;
  hostEvent(event: HostEvent): void;
  /** After `connected` the view has to be read again. */
  link(state: LinkState): void;
}

/** All that the user interface knows of the world: the client and the shell around it, wherever they run. */
export interface Port {
  /** The view and what the host keeps. Rejects only when the port was closed. */
  read(): Promise<{ readonly view: ViewState; readonly hostState: HostState }>;
  /** Tells of everything from now on. @returns ends it */
  subscribe(listener: PortListener): () => void;
  /** Runs a command of the client. Expected failures are values; it never rejects. */
  command<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>>;
  /** Asks the shell. Expected failures are values; it never rejects. */
  host<K extends HostCommandName>(name: K, params: HostCommandParams<K>): Promise<Outcome<HostCommandResult<K>>>;
}
