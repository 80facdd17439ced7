import type { AccountId } from '../store/store.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * State of delivery to one account:
 * - `away`: there is no connection; new messages go to the mailbox.
 * - `draining`: the server delivers the mailbox; new messages go to its end.
 * - `joining`: the mailbox is delivered except for messages on their way to the disk; new messages are held in memory.
 * - `live`: new messages go directly to the connection and stay in memory.
 */
export type Phase = 'away' | 'draining' | 'joining' | 'live';

/**
 * A notification that was sent to the connection and is not yet confirmed.
 * - `live`: in memory only; its sender waits.
 * - `spilling`: on its way to the mailbox.
 * - `mail`: in the mailbox as `seq`.
 * - `settlement`: not a message, but the settlement `seq` of a message that this account has sent.
 * - `done`: refused or a duplicate; it needs no more work.
 */
export interface SentMessage {
  readonly n: number;
  readonly at: number;
  readonly message: PendingMessage | undefined;
  stage: 'live' | 'spilling' | 'mail' | 'settlement' | 'done';
  seq: number;
  confirmed: boolean;
}

/** Delivery state of one account. Only `Delivery` changes it. */
export class RecipientQueue {
  phase: Phase = 'away';
  /** Number of the connection; results for an older connection are ignored. */
  epoch = 0;
  /** The `n` of the last `message.new` of this connection. */
  n = 0;
  /** In order of `n`. */
  unconfirmed: SentMessage[] = [];
  /** Bytes of text in memory only. */
  liveBytes = 0;
  /** New messages while joining, in order of arrival. */
  held: PendingMessage[] = [];
  /** Messages on their way to the mailbox. */
  appending = 0;
  /** All mailbox messages up to this `seq` were sent on this connection. */
  cursor = 0;
  /** All mailbox messages up to this `seq` are confirmed. */
  removedThrough = 0;
  /** Whether the mailbox may have messages beyond the cursor. */
  unread = false;
  reading = false;
  /** A confirmed removal that the disk has refused, as the last `seq`; repeated with the next tick. */
  unremovedThrough = 0;
  /** As `cursor`, `removedThrough`, `unread` and `reading`, for settlements. */
  readonly settlements = { cursor: 0, removedThrough: 0, unread: false, reading: false };
  /** The client counts as slow until it confirms this `n`. */
  stalledThrough = 0;

  constructor(readonly account: AccountId) {}

  /** Whether the queue has no state, so that it can be dropped and created again. */
  get isIdle(): boolean {
    // Confirmed messages may still be on disk; without `removedThrough` they would be sent again.
    return (
      this.phase === 'away' &&
      this.appending === 0 &&
      this.removedThrough === 0 &&
      this.settlements.removedThrough === 0
    );
  }
}
