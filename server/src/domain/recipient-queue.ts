import type { AccountId } from '../store/store.ts';
import type { PendingMessage } from './pending-message.ts';

/**
 * Where messages for one account go just now:
 * - `away`: no connection; to the mailbox.
 * - `draining`: connected, and the mailbox is being handed out; new ones go behind the others in the mailbox.
 * - `joining`: the mailbox is handed out but for what is on its way to the disk; new ones are held for a moment.
 * - `live`: straight to the connection, in memory.
 */
export type Phase = 'away' | 'draining' | 'joining' | 'live';

/**
 * A message that was written to the connection and not yet confirmed.
 * - `live`: in memory only, its sender waits. - `spilling`: on its way to the mailbox. - `mail`: in the mailbox as `seq`.
 * - `done`: nothing is left to do for it.
 */
export interface SentMessage {
  readonly n: number;
  readonly at: number;
  readonly message: PendingMessage | undefined;
  stage: 'live' | 'spilling' | 'mail' | 'done';
  seq: number;
  confirmed: boolean;
}

/** One account's side of delivery. Only `Delivery` changes it. */
export class RecipientQueue {
  phase: Phase = 'away';
  /** Names the connection: what was asked for an older one is not for this one. */
  epoch = 0;
  /** The `n` of the last `message.new` of this connection. */
  n = 0;
  /** In order of `n`. */
  unconfirmed: SentMessage[] = [];
  /** Bytes of text that only memory holds. */
  liveBytes = 0;
  /** While joining, in order of arrival. */
  held: PendingMessage[] = [];
  /** Messages on their way to the mailbox. */
  appending = 0;
  /** Every message of the mailbox up to here was sent on this connection. */
  cursor = 0;
  /** Every message of the mailbox up to here is confirmed. */
  removedThrough = 0;
  /** There may be messages in the mailbox beyond the cursor. */
  unread = false;
  reading = false;
  /** Until `n` reaches this, the other side has not shown that it is awake again. */
  stalledThrough = 0;

  constructor(readonly account: AccountId) {}

  /** Whether nothing is to be remembered, so that the postbox can be made anew when it is needed again. */
  get isIdle(): boolean {
    // What was confirmed may not be off the disk yet, and must not be sent again.
    return this.phase === 'away' && this.appending === 0 && this.removedThrough === 0;
  }
}
