import type { Problem } from '../shared/client-api/connection-state.ts';
import type { Conversation, Message, MessageStatus } from '../shared/client-api/view-state.ts';

/** Something that will happen later, unless it is cancelled. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970 UTC. May jump, as when a laptop wakes up. */
  now(): number;
  /** Calls once, after at least so many milliseconds; never during this call. */
  after(milliseconds: number, call: () => void): Timer;
}

export interface Random {
  /** Unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
}

/** A server's certificate that is trusted (G1). */
export interface Pin {
  /** SHA-256 of the certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  /** The certificate itself: DER in base64. */
  readonly certificate: string;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Where to dial, and whom to expect there. */
export interface DialTarget extends ServerAddress {
  /** With `tls` and no pin, the dialer refuses the server and hands out its certificate. */
  readonly security: { readonly kind: 'plaintext' } | { readonly kind: 'tls'; readonly pin: Pin | undefined };
}

/** Why a link is gone. The certificate's two are for `trust.ts`; people never see a link end that way. */
export type LinkEnd =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'certificate-unknown'; readonly presented: Pin }
  | { readonly kind: 'certificate-changed'; readonly expected: Pin; readonly presented: Pin };

/** Receives what happens to a link; never called before `dial` has returned. */
export interface LinkHandler {
  /** Connected, and with TLS the server's certificate proven to be the pinned one. */
  opened(): void;
  /** @param chunk valid only during the call */
  bytes(chunk: Uint8Array): void;
  /** The link is gone, whoever ended it. The last call, and the only one after `close` or `destroy`. */
  closed(end: LinkEnd): void;
}

/** One connection to the server, as bytes. */
export interface Link {
  /** What `send` took and the network has not yet taken. */
  readonly unsentBytes: number;
  /** What is sent in one turn of the event loop leaves in one write. Ignored once the link is closing. */
  send(text: string): void;
  /** Sends what is left, then ends; destroys the link where that takes too long. */
  close(): void;
  /** Ends at once. */
  destroy(): void;
}

export interface Dialer {
  dial(target: DialTarget, handler: LinkHandler): Link;
}

/** Which certificates are trusted, by server address. */
export interface Pins {
  read(server: ServerAddress): Pin | undefined;
  /** Throws when the disk fails. */
  write(server: ServerAddress, pin: Pin): void;
}

/** Where the sign-in token lives: the system's secret store, or a file for the owner only. Both may throw. */
export interface Secrets {
  readToken(): string | undefined;
  /** @param token undefined forgets it */
  writeToken(token: string | undefined): void;
}

/** A message as it comes in; `from` and `id` together tell whether it has been seen before (D3). */
export interface NewIncoming {
  readonly id: string;
  readonly conversation: string;
  readonly from: string;
  /** Absent for broadcasts. */
  readonly to?: string;
  readonly text: string;
  readonly at: number;
}

export interface NewOutgoing {
  readonly id: string;
  readonly conversation: string;
  readonly from: string;
  readonly to?: string;
  readonly text: string;
  readonly at: number;
  readonly status: MessageStatus;
}

/** What the server answered to a message of the outbox. */
export interface Settlement {
  readonly id: string;
  readonly status: MessageStatus;
}

/**
 * The local history with the outbox in it. When a method returns, its change is safely on the disk (D3); each is one
 * transaction. Any of them throws when the disk fails, and then nothing was changed.
 */
export interface HistoryStore {
  addOutgoing(message: NewOutgoing): Message;
  /** @returns the incoming messages that were new, in order; repeated ones are left out */
  commit(incoming: readonly NewIncoming[], settled: readonly Settlement[]): Message[];
  /** Remembers that these may have left this computer. */
  markAttempted(ids: readonly string[]): void;
  remove(id: string): void;
  /** Messages still queued, in the order in which they were written. */
  outbox(): Message[];
  /** Conversations, the most recently used first. */
  conversations(): Conversation[];
  /** Up to `limit` messages before a position (undefined: the newest), oldest first. */
  page(conversation: string, before: number | undefined, limit: number): Message[];
  /** @returns how many messages remain unread */
  markRead(conversation: string, through: number): number;
}

/** Everything that the core needs from the machine it runs on. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly pins: Pins;
  readonly secrets: Secrets;
  readonly history: HistoryStore;
}
