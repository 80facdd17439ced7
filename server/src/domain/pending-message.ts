import type { AccountId } from '../store/store.ts';

/** A request that waits for the verdict of a message. Only the session layer knows the type of the connection. */
export interface PendingRequest {
  readonly connection: object;
  readonly request: string | number;
}

/** Status or refusal of a message, as the sender gets it (D2). */
export type Verdict = 'delivered' | 'stored' | 'blocked' | 'mailbox-full' | 'id-conflict' | 'storage' | 'no-such-user';

/** A message from acceptance until its verdict, and longer, to recognise a retry (D3). */
export interface PendingMessage {
  readonly id: string;
  readonly from: AccountId;
  readonly fromName: string;
  readonly to: AccountId;
  /** Emptied with the verdict; then only id and fingerprint are needed. */
  text: string;
  /** UTF-8 bytes of the text. */
  readonly bytes: number;
  readonly fingerprint: number;
  /** Time of acceptance; for a recognised retry, that of the first attempt. */
  at: number;
  verdict: Verdict | undefined;
  /** More than one if the sender has retried on a new connection. */
  requests: PendingRequest[];
}

/**
 * Hash of recipient and text as a safe integer, to distinguish a retry from another message with the same id. Not
 * cryptographic: only the sender could produce a collision, and would lose only an own message. (cyrb53, a 53-bit
 * string hash in the public domain.)
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
