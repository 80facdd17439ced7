import type { EventName, EventParams } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { ClientNotification, ClientParams, RequestMethod, Result } from '../../shared/protocol/messages.ts';
import type { Ports } from '../ports.ts';

/** Access that each part of the client has to the machine, the view and the server. */
export interface CoreAccess {
  readonly ports: Ports;
  view(): ViewState;
  /** Changes the view and sends the event to every user interface. */
  emit<K extends EventName>(name: K, params: EventParams<K>): void;
  /** Sends a request to the server; fails with `offline` without a connection. Never rejects. */
  request<M extends RequestMethod>(method: M, params: ClientParams<M>): Promise<Outcome<Result<M>>>;
  /** Sends a notification to the server; dropped without a connection. */
  notify<M extends ClientNotification>(method: M, params: ClientParams<M>): void;
}
