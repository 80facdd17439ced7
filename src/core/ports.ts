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
  /** `unreadable`: what is remembered of the known one is damaged, so that nothing can be proven by it. */
  | {
      readonly kind: 'certificate-changed';
      readonly expected: Pin;
      readonly presented: Pin;
      readonly unreadable?: true;
    };

/** Receives what happens to a link; never called before `dial` has returned. */
export interface LinkHandler {
  /** Connected, and with TLS the server's certificate proven to be the pinned one. */
  opened(): void;
  /** @param chunk valid only during the call */
  bytes(chunk: Uint8Array): void;
  /** The link is gone, whoever ended it. The last call, and the only one after `close` or `destroy`. */
  closed(end: LinkEnd): void;
}

/** The addresses of a connection. */
export interface LinkEnds {
  readonly localPort: number;
  /** Of the server, as an IP address. */
  readonly remoteAddress: string;
}

/** One connection to the server, as bytes. */
export interface Link {
  /** What `send` took and the network has not yet taken. */
  readonly unsentBytes: number;
  /** Where both ends of the connection are, once it is open and where there is such a thing. */
  readonly ends?: LinkEnds | undefined;
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
  /** Said in a private session that both wanted kept. */
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
  /** Said in a private session that both wanted kept. */
  readonly isPrivate?: true;
}

/** What the server answered to a message of the outbox. */
export interface Settlement {
  readonly id: string;
  readonly status: MessageStatus;
}

/** What to look for in the history: every word of `text`, in whatever case, as a part of words. It has no syntax. */
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
  /** There may be more before this position. Absent: everything was looked through. */
  readonly next?: number;
}

/** A message of an exported history. It is never `queued`. */
export type RestoredMessage = Omit<Message, 'position'>;

export interface Restored {
  /** How many were not here before. */
  readonly added: number;
  /** Where the next ones of the same import belong. */
  readonly place: ImportPlace;
}

export interface ImportPlace {
  /** What stood nowhere here. */
  readonly next: number;
  /** What may be missing behind a message that is here: before this position no more of the file is to come. */
  readonly behind?: number | undefined;
}

/**
 * The local history with the outbox in it. When a method returns, its change is safely on the disk (D3); each is one
 * transaction. Any of them throws when the disk fails, and then nothing was changed.
 */
export interface HistoryStore {
  addOutgoing(message: NewOutgoing): Message;
  /** One's own message with this id, if it was written here. */
  outgoing(from: string, id: string): Message | undefined;
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
  /** Up to `limit` messages after a position, oldest first; of one conversation, or of all (undefined). */
  after(conversation: string | undefined, position: number, limit: number): Message[];
  search(query: HistoryQuery): FoundMessages;
  /** Deletes the message at a position, if there is one. */
  removeAt(position: number): void;
  /** Deletes one conversation, or everything; messages still queued stay. */
  clear(conversation: string | undefined): void;
  /**
   * Adds messages that are not here yet (by sender and id), as read: behind the one before them in the file where that is here
   * and something was deleted behind it, else before all that are here.
   * @param place undefined for the first ones of an import, then what came back
   */
  restore(messages: readonly RestoredMessage[], place: ImportPlace | undefined): Restored;
  /** @returns how many messages remain unread */
  markRead(conversation: string, through: number): number;
}

/** Where the person's wish about their addresses is kept. */
export interface AddressRules {
  read(): AddressRule;
  /** Throws when the disk fails. */
  write(rule: AddressRule): void;
}

/** What private sessions need from the machine, beside the rest. */
export interface PeerPorts {
  readonly crypto: PeerCrypto;
  readonly identity: IdentitySigner;
  readonly certificates: CertificateMaker;
  readonly identities: IdentityStore;
  readonly addressRules: AddressRules;
  /** Where this computer can be reached from outside, if the person says so; its port is listened on (F2). */
  readonly publicAddress: ObservedAddress | undefined;
  /** @param relay the server that carries tunnels, as it is dialled at that moment; undefined while there is none */
  transport(relay: () => DialTarget | undefined): PeerTransport;
}

/** Everything that the core needs from the machine it runs on. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly pins: Pins;
  readonly secrets: Secrets;
  readonly history: HistoryStore;
  readonly peers: PeerPorts;
}
