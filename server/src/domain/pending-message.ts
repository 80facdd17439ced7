import type { AccountId } from '../store/store.ts';

/** Who waits for the answer to a message: a request on a connection, known to the session layer. */
export interface PendingRequest {
  readonly connection: object;
  readonly request: string | number;
}

/** What a sender is told of a message (D2). */
export type Verdict = 'delivered' | 'stored' | 'blocked' | 'mailbox-full' | 'id-conflict' | 'storage' | 'no-such-user';

/** One message from acceptance until its sender knows the truth, and a while longer to recognise a retry (D3). */
export interface PendingMessage {
  readonly id: string;
  readonly from: AccountId;
  readonly fromName: string;
  readonly to: AccountId;
  /** Emptied once the verdict is known: then only the id and the fingerprint matter. */
  text: string;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  readonly fingerprint: number;
  /** When the server accepted it; of a recognised retry, when it first did. */
  at: number;
  verdict: Verdict | undefined;
  /** More than one where the sender tried again on a new connection. */
  requests: PendingRequest[];
}

/**
 * A safe integer over recipient and text, to tell a retry from another message under the same id. Not cryptographic: the
 * only one who could make two texts collide is the sender, and would but shadow an own message.
 * (cyrb53, a 53-bit string hash in the public domain.)
 */
export function fingerprintOf(to: AccountId, text: string): number {
  let high = 0xdeadbeef ^ to;
  let low = 0x41c6ce57 ^ to;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
