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
import type { Account, AccountId, Store } from '../store/store.ts';

/** Password hashing, as a port. `undefined`: too many wait already; nothing was judged. */
export interface PasswordHasher {
  hash(password: string): Promise<string | undefined>;
  /** @param encoded the kept hash; undefined where there is no such account, which costs the same time */
  verify(encoded: string | undefined, password: string): Promise<boolean | undefined>;
}

/** A signed-in session as others see it. */
export interface OnlineSession {
  readonly account: Account;
  readonly deviceId: string;
  /** Address and port of the other side as the server sees them: `203.0.113.7:51234`, `[2001:db8::7]:51234`. */
  readonly observed: string;
  /** Sends one line, LF included. */
  send(line: string): void;
  /** Ends it with `session.ended` and the departure that follows from the reason. */
  end(reason: SessionEndReason, retryAfterMs?: number): void;
  /** Ends it because another connection takes its place; of the same device, nobody has left (C1). */
  replace(toSameDevice: boolean): void;
}

/** All signed-in sessions. */
export interface Sessions {
  of(account: AccountId): OnlineSession | undefined;
  all(): Iterable<OnlineSession>;
  /** Tells everyone online who may know of `about`, but not themselves (C1, C4). */
  announce(about: Account, line: string): void;
}

/** The connection that a command came on, before sign-in. */
export interface UnauthenticatedSession {
  readonly remoteAddress: string;
  /** Whether the connection is gone meanwhile: then nothing may be attached to it. */
  readonly isClosed: boolean;
  /** Makes this connection the account's session. @param lastAction when the account last did something (B5) */
  authenticate(account: Account, deviceId: string, tokenFamily: string, lastAction: number): void;
}

/** The session that a command came on, after sign-in. */
export interface AuthenticatedSession extends OnlineSession {
  readonly tokenFamily: string;
  /** Ends the session without `session.ended`, once the answer is on its way. */
  leave(reason: DepartureReason): void;
}

/** The blind tunnels, as commands see them (F4). */
export interface Tunnels {
  /**
   * Makes the one-time token with which one side of a private session enters its tunnel.
   * @returns undefined where the account, or the server, has as many tunnels as it may
   */
  admit(sid: string, account: AccountId, now: number): { token: string; expiresAt: number } | undefined;
  /** Cuts the tunnel of a session that has ended, and forgets its tokens. */
  cut(sid: string): void;
}

/** Everything a command may use. */
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
  /** What those who are gone for a moment miss of their private requests and sessions. */
  readonly missedPrivateEvents: MissedPrivateEvents;
  readonly tunnels: Tunnels;
  /** One password judgement of a name at a time (B2), one use of a token family, one change of a block. */
  readonly mutexes: {
    readonly passwords: KeyedMutex<string>;
    readonly tokens: KeyedMutex<string>;
    /** By pair, so that one block does not wait for the disk behind another one's (E2). */
    readonly blocks: KeyedMutex<string>;
  };
  readonly rates: {
    readonly messages: TokenBuckets<AccountId>;
    readonly privateRequests: TokenBuckets<AccountId>;
    readonly registrations: TokenBuckets<string>;
  };
  /** What limits count an address as; undefined for this machine itself, which they do not count (I3). */
  countedAddress(address: string): string | undefined;
  sha256(text: string): Uint8Array;
  /** Commits appends that wait for the end of the turn. */
  flushAppends(): void;
  log(event: string, fields?: LogFields): void;
  /** Notes a background write that the disk refused; the people concerned were told, or nothing is lost. */
  background(what: string, work: Promise<unknown>): void;
}
