import type { Problem } from '../shared/client-api/connection-state.ts';
import type { AddressRule } from '../shared/client-api/private-view.ts';
import type { ObservedAddress } from './private/signaling/candidates.ts';
import type { Conversation, Message, MessageStatus } from '../shared/client-api/view-state.ts';
import type {
  CertificateMaker,
  IdentitySigner,
  IdentityStore,
  PeerCrypto,
  PeerTransport,
} from './private/private-ports.ts';

/** A pending call of `Clock.after`. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970 UTC. May jump, for instance when a laptop wakes up. */
  now(): number;
  /** Calls once, after at least this many milliseconds; never synchronously. */
  after(milliseconds: number, call: () => void): Timer;
}

export interface Random {
  /** Unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
}

/** The trusted certificate of a server (G1). */
export interface Pin {
  /** SHA-256 of the certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  /** DER in base64. */
  readonly certificate: string;
  /** `hello.server.id` of the server that has proven this certificate; absent before its first greeting (B8). */
  readonly id?: string;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Address to dial and the certificate to expect there. */
export interface DialTarget extends ServerAddress {
  /** With `tls` and no pin, the dialer refuses the server and reports its certificate. */
  readonly security: { readonly kind: 'plaintext' } | { readonly kind: 'tls'; readonly pin: Pin | undefined };
}

/** Why a link ended. `dialTrusted` handles the two certificate kinds. */
export type LinkEnd =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'certificate-unknown'; readonly presented: Pin }
  /** `unreadable`: the stored pin is damaged, so the certificate cannot be compared with it. */
  | {
      readonly kind: 'certificate-changed';
      readonly expected: Pin;
      readonly presented: Pin;
      readonly unreadable?: true;
    };

/** Receives the events of a link; never called before `dial` has returned. */
export interface LinkHandler {
  /** Connected; with TLS, the server has proven the pinned certificate. */
  opened(): void;
  /** @param chunk valid only during the call */
  bytes(chunk: Uint8Array): void;
  /** The link has ended, from either side. The last call, and the only one after `close` or `destroy`. */
  closed(end: LinkEnd): void;
}

/** The two ends of a connection. */
export interface LinkEnds {
  readonly localPort: number;
  /** IP address of the server. */
  readonly remoteAddress: string;
}

/** One connection to the server, as bytes. */
export interface Link {
  /** Bytes that `send` has taken and the network has not. */
  readonly unsentBytes: number;
  /** Addresses of an open connection; absent if the transport has none. */
  readonly ends?: LinkEnds | undefined;
  /** All texts of one turn of the event loop go out in one write. Ignored when the link is closing. */
  send(text: string): void;
  /** Sends the unsent bytes, then ends; destroys the link if that takes too long. */
  close(): void;
  /** Ends at once. */
  destroy(): void;
}

export interface Dialer {
  dial(target: DialTarget, handler: LinkHandler): Link;
}

/** Trusted certificates by server address. */
export interface Pins {
  read(server: ServerAddress): Pin | undefined;
  /** Throws when the disk fails. */
  write(server: ServerAddress, pin: Pin): void;
  /** Pins of all addresses with the certificate of `pin` (B8). */
  withCertificate(pin: Pin): readonly Pin[];
}

/** Storage of the sign-in token: the system's secret store or a file that only the owner can read. Both may throw. */
export interface Secrets {
  readToken(): string | undefined;
  /** @param token undefined deletes the token */
  writeToken(token: string | undefined): void;
}

/** A new incoming message; `from` and `id` together identify a repeated one (D3). */
export interface NewIncoming {
  readonly id: string;
  readonly conversation: string;
  readonly from: string;
  /** Absent for broadcasts. */
  readonly to?: string;
  readonly text: string;
  readonly at: number;
  /** A private message, saved because both sides asked (F7). */
  readonly isPrivate?: true;
}

export interface NewOutgoing {
  readonly id: string;
  readonly conversation: string;
  readonly from: string;
  readonly to?: string;
  readonly text: string;
  readonly at: number;
  readonly status: MessageStatus;
  /** A private message, saved because both sides asked (F7). */
  readonly isPrivate?: true;
}

/** A new status of an own message: the server's answer, or the final status of a stored message (D2). */
export interface StatusChange {
  readonly id: string;
  readonly status: MessageStatus;
  /** The server's time of the message; undefined leaves the stored one. */
  readonly at?: number;
}

/** A search in the history: every word of `text`, in any case, as part of a word. There is no syntax. */
export interface HistoryQuery {
  readonly text: string;
  /** Only in this conversation. */
  readonly conversation?: string | undefined;
  /** Only messages before this position. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface FoundMessages {
  /** The newest first. */
  readonly messages: Message[];
  /** More matches may be before this position. Absent: the search is complete. */
  readonly next?: number;
}

/** A message of an exported history. It is never `queued`. */
export type RestoredMessage = Omit<Message, 'position'>;

export interface Restored {
  /** Number of messages that are new here. */
  readonly added: number;
  /** Place of the next messages of the same import. */
  readonly place: ImportPlace;
}

export interface ImportPlace {
  /** Position for messages without a known neighbour. */
  readonly next: number;
  /** Position up to which a gap after a known message can be filled. */
  readonly behind?: number | undefined;
}

export interface Committed {
  /** The new incoming messages, in order, without repeated ones. */
  readonly added: readonly Message[];
  /** The own messages whose status has changed, in order. */
  readonly changed: readonly Message[];
}

/**
 * The local history and the outbox. Each method is one transaction: when it returns, its change is on disk (D3); if the
 * disk fails, it throws and changes nothing.
 */
export interface HistoryStore {
  addOutgoing(message: NewOutgoing): Message;
  /** The own message with this id, if there is one. */
  outgoing(from: string, id: string): Message | undefined;
  /**
   * Adds incoming messages and changes the status of own ones. A status never goes back: `stored` follows only `queued`,
   * and a final status follows only these two.
   */
  commit(incoming: readonly NewIncoming[], settled: readonly StatusChange[]): Committed;
  /** Marks messages that may have been sent. */
  markAttempted(ids: readonly string[]): void;
  remove(id: string): void;
  /** Queued messages, in the order written. */
  outbox(): Message[];
  /** Conversations, most recently used first. */
  conversations(): Conversation[];
  /** Up to `limit` messages before a position (undefined: the newest), oldest first. */
  page(conversation: string, before: number | undefined, limit: number): Message[];
  /** Up to `limit` messages after a position, oldest first; of one conversation, or of all (undefined). */
  after(conversation: string | undefined, position: number, limit: number): Message[];
  /** Position of the first unread message of a conversation; undefined if all are read. */
  firstUnread(conversation: string): number | undefined;
  /** Position of the first message of a conversation at or after a time; undefined if there is none. */
  firstSince(conversation: string, at: number): number | undefined;
  search(query: HistoryQuery): FoundMessages;
  /** Deletes the message at a position, if there is one. */
  removeAt(position: number): void;
  /** Deletes one conversation or all; queued messages stay. */
  clear(conversation: string | undefined): void;
  /**
   * Adds messages that are not here yet (by sender and id), marked as read: after their predecessor in the file, if that
   * is here and a message after it was deleted, else before all messages.
   * @param place undefined for the first messages of an import, then the returned place
   */
  restore(messages: readonly RestoredMessage[], place: ImportPlace | undefined): Restored;
  /** @returns number of messages still unread */
  markRead(conversation: string, through: number): number;
}

/** Storage of the rule about revealing addresses. */
export interface AddressRules {
  read(): AddressRule;
  /** Throws when the disk fails. */
  write(rule: AddressRule): void;
}

/** Ports that only private sessions use. */
export interface PeerPorts {
  readonly crypto: PeerCrypto;
  readonly identity: IdentitySigner;
  readonly certificates: CertificateMaker;
  readonly identities: IdentityStore;
  readonly addressRules: AddressRules;
  /** Configured address at which this computer is reached from outside; its port is listened on (F2). */
  readonly publicAddress: ObservedAddress | undefined;
  /** @param relay server that carries tunnels, read at each dial; undefined if there is none */
  transport(relay: () => DialTarget | undefined): PeerTransport;
}

/** Every effect of the core on its computer. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly pins: Pins;
  readonly secrets: Secrets;
  readonly history: HistoryStore;
  readonly peers: PeerPorts;
}
