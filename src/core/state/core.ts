import type { Connector } from '../connection/connector.ts';
import type { ImportRefresh } from '../history/import-refresh.ts';
import type { HistoryBatch } from '../messages/history-batch.ts';
import type { Inbox } from '../messages/inbox.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { TokenBucket } from '../../shared/token-bucket.ts';
import type { TypingWatch } from '../messages/typing-watch.ts';
import type { PrivateSessions } from '../private/private-sessions.ts';
import type { ActivityThrottle } from '../session/activity-throttle.ts';
import type { CoreAccess } from './core-access.ts';

/** The parts of the client, as commands and the handlers of server notifications see them. */
export interface Core extends CoreAccess {
  readonly connector: Connector;
  readonly historyBatch: HistoryBatch;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  /** Messages that the server allows; broadcasts count too. */
  readonly sendRate: TokenBucket;
  readonly typing: TypingWatch;
  readonly activity: ActivityThrottle;
  readonly privateSessions: PrivateSessions;
  readonly importRefresh: ImportRefresh;
}
