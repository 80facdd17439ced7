import type { DepartureReason, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';
import type { ServerConfig } from '../config.ts';
import type { Blacklist } from '../domain/blacklist.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Directory } from '../domain/directory.ts';
import type { Introductions } from '../domain/introductions.ts';
import type { Lockout } from '../domain/lockout.ts';
import type { MailboxSizes } from '../domain/mailbox-sizes.ts';
import type { MissedPrivateEvents } from '../domain/missed-private-events.ts';
import type { Presence } from '../domain/presence.ts';
import type { TokenBuckets } from '../domain/token-buckets.ts';
import type { RecentBroadcasts } from '../domain/recent-broadcasts.ts';
import type { Tokens } from '../domain/tokens.ts';
import type { KeyedMutex } from '../domain/keyed-mutex.ts';
import type { LogFields } from '../ops/log.ts';
import type { Account, AccountId, RemovedMail, Store } from '../store/store.ts';

/** Password hashing, as a port. `undefined` means that too many requests wait already and nothing was done. */
export interface PasswordHasher {
  hash(password: string): Promise<string | undefined>;
  /** @param encoded the stored hash; undefined if there is no such account, which takes the same time */
  verify(encoded: string | undefined, password: string): Promise<boolean | undefined>;
}

/** A session as other sessions see it. */
export interface OnlineSession {
  readonly account: Account;
  readonly deviceId: string;
  /** Address and port of the client as the server sees them: `203.0.113.7:51234`, `[2001:db8::7]:51234`. */
  readonly observed: string;
  /** Whether the client takes less than is sent to it. */
  readonly isCongested: boolean;
  /** Sends one line, LF included. */
  send(line: string): void;
  /** Sends `session.ended`, closes the connection and marks the departure that the reason implies. */
  end(reason: SessionEndReason, retryAfterMs?: number): void;
  /** Ends the session because another connection replaces it. On the same device the account has not left (C1). */
  replace(toSameDevice: boolean): void;
}

/** All sessions. */
export interface Sessions {
  of(account: AccountId): OnlineSession | undefined;
  all(): Iterable<OnlineSession>;
  /** Sends a line to all other accounts that may see `about` (C1, C4). */
  announce(about: Account, line: string): void;
}

/** The connection of a command before sign-in. */
export interface UnauthenticatedSession {
  readonly remoteAddress: string;
  /** Whether the connection has closed; a closed connection must not become a session. */
  readonly isClosed: boolean;
  /** Makes this connection the account's session. @param lastAction time of the user's last action (B5) */
  authenticate(account: Account, deviceId: string, tokenFamily: string, lastAction: number): void;
}

/** The session of a command. */
export interface AuthenticatedSession extends OnlineSession {
  readonly tokenFamily: string;
  /** Ends the session without `session.ended`, after the answer is sent. */
  leave(reason: DepartureReason): void;
}

/** The blind tunnels, as commands see them (F4). */
export interface Tunnels {
  /**
   * Makes the one-time token with which one side of a private session enters its tunnel.
   * @returns undefined if the account or the server has reached its limit of tunnels
   */
  admit(sid: string, account: AccountId, now: number): { token: string; expiresAt: number } | undefined;
  /** Closes the tunnel of an ended session and drops its tokens. */
  cut(sid: string): void;
}

/** Everything that a command may use. */
export interface Services {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  readonly config: Pick<ServerConfig, 'registration' | 'timeoutSeconds'>;
  readonly store: Store;
  readonly directory: Directory;
  readonly blacklist: Blacklist;
  readonly presence: Presence;
  readonly delivery: Delivery;
  readonly mailboxSizes: MailboxSizes;
  readonly lockout: Lockout;
  readonly tokens: Tokens;
  readonly passwords: PasswordHasher;
  readonly sessions: Sessions;
  readonly recentBroadcasts: RecentBroadcasts;
  readonly introductions: Introductions;
  /** Private events that disconnected accounts have missed. */
  readonly missedPrivateEvents: MissedPrivateEvents;
  readonly tunnels: Tunnels;
  /** Serialise password checks of a username (B2), uses of a token family, and changes of a block. */
  readonly mutexes: {
    readonly passwords: KeyedMutex<string>;
    readonly tokens: KeyedMutex<string>;
    /** Keyed by pair of accounts, so that a block does not wait for the disk write of another block (E2). */
    readonly blocks: KeyedMutex<string>;
  };
  readonly rates: {
    readonly messages: TokenBuckets<AccountId>;
    readonly privateRequests: TokenBuckets<AccountId>;
    readonly registrations: TokenBuckets<string>;
  };
  /** The key under which limits count an address; undefined for loopback, which they do not count (I3). */
  countedAddress(address: string): string | undefined;
  sha256(text: string): Uint8Array;
  /** Hands appends that wait for the end of the turn to the store. */
  flushAppends(): void;
  /** Releases the room of messages removed from a mailbox and sends their settlements (D2). */
  releaseMail(account: AccountId, removed: RemovedMail): void;
  log(event: string, fields?: LogFields): void;
  /** Logs the failure of a background write. The affected clients have their answer, or nothing is lost. */
  background(what: string, work: Promise<unknown>): void;
}
