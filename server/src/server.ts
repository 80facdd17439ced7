import { LIMITS, RATE_LIMITS } from '../../src/shared/limits.ts';
import { encodeNotification } from '../../src/shared/protocol/codec.ts';
import { expirePrivate } from './commands/private-ended.ts';
import type { Services } from './commands/services.ts';
import type { ServerConfig } from './config.ts';
import { Blacklist } from './domain/blacklist.ts';
import { Delivery } from './domain/delivery.ts';
import { Directory } from './domain/directory.ts';
import { Introductions } from './domain/introductions.ts';
import { Lockout } from './domain/lockout.ts';
import { MailboxSizes } from './domain/mailbox-sizes.ts';
import { MissedLines } from './domain/missed-lines.ts';
import { Presence } from './domain/presence.ts';
import { TokenBuckets } from './domain/token-buckets.ts';
import { RecentBroadcasts } from './domain/recent-broadcasts.ts';
import { RecentMessages } from './domain/recent-messages.ts';
import { type TokenCrypto, Tokens } from './domain/tokens.ts';
import { TunnelBook } from './domain/tunnel-book.ts';
import { Turns } from './domain/turns.ts';
import { createDeliveryPort, type DeliveryCounters } from './session/delivery-port.ts';
import { announceDeparture, depart } from './session/departure.ts';
import { watchIdle } from './session/idle-watch.ts';
import { SessionRegistry } from './session/registry.ts';
import { Session, type SessionHost } from './session/session.ts';
import { type Credentials, type ImportReport, importAccounts } from './import-accounts.ts';
import type { PasswordHasher } from './commands/services.ts';
import type { Log } from './ops/log.ts';
import type { Snapshot, Store } from './store/store.ts';
import type { AcceptConnection } from './transport/connection.ts';
import { addressGroup, isLoopbackAddress } from './transport/address.ts';
import { Relay, type RelayCounters } from './transport/relay.ts';
import type { Duplex } from 'node:stream';
import { VERSION } from './version.ts';

const TICK_MS = 250;
const ALIVE_MS = 5_000;
const PURGE_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Online history is kept so long (C3), receipts of stored messages so long (D3). */
const HISTORY_MS = 90 * DAY_MS;
const RECEIPTS_MS = DAY_MS;
const RECEIPTS_LOADED = 100_000;
/** Those online when the server stopped may come back as if they had never left, if it was away no longer than this. */
const RESTART_MS = 60_000;
/** When clients are told to come back after a stop. */
const COME_BACK_MS = 3_000;

/** Time as the server sees it; a test brings its own. */
export interface Clock {
  now(): number;
  /** @returns a function that stops it */
  every(ms: number, job: () => void): () => void;
  /** Runs a job at the end of the current turn of the event loop. */
  endOfTurn(job: () => void): void;
}

/** What the server is built from. */
export interface ServerParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly crypto: TokenCrypto;
  readonly passwords: PasswordHasher;
}

/** Plain numbers for metrics: counts since the start, but for the first four. */
export interface ServerStats extends Readonly<DeliveryCounters>, Readonly<RelayCounters> {
  readonly accounts: number;
  readonly connections: number;
  readonly sessions: number;
  readonly online: number;
}

/** A running server without its sockets. */
export interface AsideServer {
  /** Takes a connection from the listener. */
  readonly accept: AcceptConnection;
  /** Takes a connection for the blind tunnel from the listener (F4). */
  acceptTunnel(stream: Duplex, onAdmitted: () => void): void;
  importAccounts(entries: readonly Credentials[]): Promise<ImportReport>;
  /** Makes an invitation for one account, good for seven days. @returns its code */
  createInvite(): Promise<string>;
  stats(): ServerStats;
  /** Tells every client, lets go of them, and commits what is pending; leaves the store open (A6). */
  stop(): Promise<void>;
}

/** Puts the server together from its parts and takes over what the store has kept (A5). */
export async function createServer(parts: ServerParts): Promise<AsideServer> {
  const { config, store, log, clock, crypto, passwords } = parts;
  const snapshot = await store.load({ receipts: RECEIPTS_LOADED });
  const directory = new Directory(snapshot.accounts);
  const blacklist = new Blacklist(snapshot.blocks);
  const sizes = new MailboxSizes(snapshot.mailboxes);
  const registry = new SessionRegistry(blacklist);
  const connections = new Set<Session>();
  const background = (what: string, work: Promise<unknown>) => {
    work.catch((error: unknown) => log.error('write-failed', { what, error: String(error) }));
  };
  const port = createDeliveryPort({ store, registry, blacklist, sizes, clock, background });
  const delivery = new Delivery(port, new RecentMessages(snapshot.receipts), sizes);
  port.attach(delivery);
  const book = new TunnelBook(crypto);
  const relay = new Relay({
    now: () => clock.now(),
    redeem: (token) => book.redeem(token, clock.now()),
    entered: (side) => book.entered(side),
    ended: (sid) => book.ended(sid, clock.now()),
  });
  const services: Services = {
    now: () => clock.now(),
    config,
    store,
    directory,
    blacklist,
    presence: new Presence(),
    delivery,
    sizes,
    lockout: new Lockout(config.blockSeconds * 1_000, snapshot.lockouts, (key) => directory.byKey(key) !== undefined),
    tokens: new Tokens(crypto),
    passwords,
    sessions: registry,
    recentBroadcasts: new RecentBroadcasts(),
    introductions: new Introductions(),
    missed: new MissedLines(),
    tunnels: {
      // Without TLS there is no ALPN to tell a tunnel by; such a server is for one machine, where the direct way is open.
      admit: (sid, person, now) => (config.plaintext ? undefined : book.admit(sid, person, now)),
      cut: (sid) => {
        relay.cut(sid);
        book.forget(sid);
      },
    },
    turns: { passwords: new Turns(), tokens: new Turns(), blocks: new Turns() },
    rates: {
      messages: new TokenBuckets(config.messageRate, config.messageRate * RATE_LIMITS.messageBurstSeconds),
      asks: new TokenBuckets(RATE_LIMITS.privateRequestsPerSecond, RATE_LIMITS.privateRequestBurst),
      registrations: new TokenBuckets(RATE_LIMITS.registrationsPerHour / 3_600, RATE_LIMITS.registrationsPerHour),
    },
    countedAddress: (address) => (isLoopbackAddress(address) ? undefined : addressGroup(address)),
    sha256: (text) => crypto.sha256(new TextEncoder().encode(text)),
    flushAppends: () => port.flush(),
    log: (event, fields) => log.info(event, fields),
    background,
  };
  const host: SessionHost = {
    services,
    hello: () => helloLine(config, snapshot.serverId, clock.now()),
    arrived: (session) => {
      registry.add(session);
      log.info('session-started', { username: session.account.username, device: session.deviceId });
    },
    departed: (session, departure, lastAction) => {
      depart(services, registry, session, departure, lastAction);
      log.info('session-ended', { username: session.account.username, departure });
    },
    gone: (session) => connections.delete(session),
    failed: (error) =>
      log.error('bug', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    defer: queueMicrotask,
  };

  restorePresence(services, snapshot);
  // Now, not only after the first interval: a server that dies at once must know later when it lived.
  await store.markAlive(clock.now());
  const stopTimers = [
    clock.every(TICK_MS, () => {
      tick(services, connections, config.timeoutSeconds * 1_000);
      relay.dropIdle();
    }),
    clock.every(ALIVE_MS, () => background('markAlive', store.markAlive(clock.now()))),
    clock.every(PURGE_MS, () => purge(services)),
  ];

  return {
    accept: (connection) => {
      const session = new Session(connection, host);
      connections.add(session);
      return session;
    },
    acceptTunnel: (stream, onAdmitted) => relay.accept(stream, onAdmitted),
    importAccounts: (entries) => importAccounts(services, entries),
    createInvite: async () => {
      const code = crypto.toBase64Url(crypto.randomBytes(12));
      await store.createInvite(services.sha256(code), clock.now() + 7 * DAY_MS);
      return code;
    },
    stats: () => ({
      accounts: directory.size,
      connections: connections.size,
      sessions: registry.size,
      online: services.presence.size,
      ...port.counters,
      ...relay.counters,
    }),
    stop: async () => {
      for (const stopTimer of stopTimers) stopTimer();
      for (const session of [...connections]) session.end('server-stopping', COME_BACK_MS);
      relay.close();
      port.flush();
      await store.markAlive(clock.now());
    },
  };
}

function tick(services: Services, connections: ReadonlySet<Session>, timeoutMs: number): void {
  const now = services.now();
  for (const session of connections) watchIdle(session, timeoutMs, now);
  services.delivery.tick(now);
  for (const { account, droppedAt } of services.presence.expire(now)) {
    announceDeparture(services, account, 'connection-lost', droppedAt);
  }
  expirePrivate(services);
}

function purge(services: Services): void {
  const now = services.now();
  services.rates.messages.sweep(now);
  services.rates.asks.sweep(now);
  services.rates.registrations.sweep(now);
  services.background('purge', services.store.purge({ intervals: now - HISTORY_MS, receipts: now - RECEIPTS_MS, now }));
}

/**
 * Those who were online when the server stopped or died: after a short absence they count as dropped, not as gone, so that
 * thousands who come back do not announce themselves to each other (C1); after a long one their time ends where it did.
 */
function restorePresence(services: Services, snapshot: Snapshot): void {
  const now = services.now();
  const isShort = now - snapshot.lastAlive <= RESTART_MS;
  for (const interval of snapshot.openIntervals) {
    const account = services.directory.byId(interval.account);
    if (isShort && account) services.presence.restore(account, interval.from, snapshot.lastAlive, now);
    else services.background('closeInterval', services.store.closeInterval(interval.account, snapshot.lastAlive));
  }
}

function helloLine(config: ServerConfig, id: string, now: number): string {
  return encodeNotification('hello', {
    protocol: 1,
    server: { id, name: 'Aside', version: VERSION },
    policy: {
      blockSeconds: config.blockSeconds,
      timeoutSeconds: config.timeoutSeconds,
      registration: config.registration,
    },
    limits: {
      lineBytes: LIMITS.lineBytes,
      textBytes: LIMITS.textBytes,
      requestsOutstanding: LIMITS.requestsOutstanding,
      messagesPerSecond: config.messageRate,
      messageBurst: config.messageRate * RATE_LIMITS.messageBurstSeconds,
    },
    now,
  });
}
