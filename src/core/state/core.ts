import type { EventName, EventParams } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { ClientNotification, ClientParams, RequestMethod, Result } from '../../shared/protocol/messages.ts';
import type { Inbox } from '../messages/inbox.ts';
import type { HistoryBatch } from '../messages/history-batch.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { Pace } from '../messages/pace.ts';
import type { TypingWatch } from '../messages/typing-watch.ts';
import type { Connector } from '../connection/connector.ts';
import type { ImportRefresh } from '../history/import-refresh.ts';
import type { Ports } from '../ports.ts';
import type { PrivateSessions } from '../private/private-sessions.ts';
import type { ActivityThrottle } from '../session/activity-throttle.ts';

/** The parts of the client, as its commands and inbound handlers see them. */
export interface Core {
  readonly ports: Ports;
  readonly connector: Connector;
  readonly historyBatch: HistoryBatch;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly pace: Pace;
  readonly typing: TypingWatch;
  readonly activity: ActivityThrottle;
  readonly privateSessions: PrivateSessions;
  readonly importRefresh: ImportRefresh;
  view(): ViewState;
  /** Changes the view and tells every user interface. */
  emit<K extends EventName>(name: K, params: EventParams<K>): void;
  /** Asks the server; fails with `offline` where there is no connection. Never rejects. */
  request<M extends RequestMethod>(method: M, params: ClientParams<M>): Promise<Outcome<Result<M>>>;
  /** Tells the server; lost where there is no connection. */
  notify<M extends ClientNotification>(method: M, params: ClientParams<M>): void;
}
