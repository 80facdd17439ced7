import { encodeNotification } from '../../src/shared/protocol/codec.ts';
import { FEATURES } from '../../src/shared/protocol/messages.ts';
import { LIMITS, RATE_LIMITS, SERVER_LIMITS, SIGN_IN_LIMITS } from '../../src/shared/limits.ts';
import { expirePrivate } from './commands/private-ended.ts';
import type { Services } from './commands/services.ts';
import type { ServerConfig } from './config.ts';
import { Blacklist } from './domain/blacklist.ts';
import { Delivery } from './domain/delivery.ts';
import { Directory } from './domain/directory.ts';
import { Introductions } from './domain/introductions.ts';
import { Lockout } from './domain/lockout.ts';
import { MailboxSizes } from './domain/mailbox-sizes.ts';
import { MissedPrivateEvents } from './domain/missed-private-events.ts';
import { Presence } from './domain/presence.ts';
import { TokenBuckets } from './domain/token-buckets.ts';
import { RecentBroadcasts } from './domain/recent-broadcasts.ts';
import { RecentMessages } from './domain/recent-messages.ts';
import { type TokenCrypto, Tokens } from './domain/tokens.ts';
import { TunnelRegistry } from './domain/tunnel-registry.ts';
import { KeyedMutex } from './domain/keyed-mutex.ts';
import { createDeliveryPort, type DeliveryCounters } from './session/delivery-port.ts';
import { announceDeparture, detachSession } from './session/departure.ts';
import { enforceDeadlines } from './session/deadlines.ts';
import { SessionRegistry } from './session/registry.ts';
import { ClientSession, type SessionHost } from './session/client-session.ts';
import type { CredentialsEntry } from './credentials-file.ts';
import { type ImportReport, importAccounts } from './import-accounts.ts';
import type { PasswordHasher } from './commands/services.ts';
import type { Log } from './ops/log.ts';
import type { Snapshot, Store } from './store/store.ts';
import type { AcceptConnection } from './transport/connection.ts';
import { addressGroup, isLoopbackAddress } from './transport/address.ts';
import { Relay, type RelayCounters } from './transport/relay.ts';
import type { Duplex } from 'node:stream';
import { SERVER_VERSION } from './version.ts';

const TICK_MS = 250;
const ALIVE_MS = 5_000;
const PURGE_MS = 3_600_000;
/** Clock and timers of the server; tests replace them. */
export interface ServerClock {
  now(): number;
  /** @returns a function that stops the timer */
  every(ms: number, job: () => void): () => void;
  /** Runs a job at the end of the current turn of the event loop. */
  endOfTurn(job: () => void): void;
}

/** Parts from which the server is built. */
export interface ServerParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly log: Log;
  readonly clock: ServerClock;
  readonly crypto: TokenCrypto;
  readonly passwords: PasswordHasher;
}

/** Numbers for metrics: counts since the start, except the first four. */
export interface ServerStats extends Readonly<DeliveryCounters>, Readonly<RelayCounters> {
  readonly accounts: number;
  readonly connections: number;
  readonly sessions: number;
  readonly online: number;
}

/** A running server without its sockets. */
export interface AsideServer {
  /** Accepts a connection from the listener. */
  readonly accept: AcceptConnection;
  /** Accepts a connection for the blind tunnel from the listener (F4). */
  acceptTunnel(stream: Duplex, onAdmitted: () => void): void;
  importAccounts(entries: readonly CredentialsEntry[]): Promise<ImportReport>;
  /** Creates an invitation for one account, valid for seven days. @returns its code */
  createInvite(): Promise<string>;
  stats(): ServerStats;
  /** Notifies and disconnects every client and commits pending writes; leaves the store open (A6). */
  stop(): Promise<void>;
}

/** Builds the server from its parts and loads the stored data (A5). */
export async function createServer(parts: ServerParts): Promise<AsideServer> {
  const { config, store, log, clock, crypto, passwords } = parts;
  const snapshot = await store.load({ receipts: SERVER_LIMITS.receiptsLoaded });
  const directory = new Directory(snapshot.accounts);
  const blacklist = new Blacklist(snapshot.blocks);
  const mailboxSizes = new MailboxSizes(snapshot.mailboxes);
  const registry = new SessionRegistry(blacklist);
  const connections = new Set<ClientSession>();
  const background = (what: string, work: Promise<unknown>) => {
    work.catch((error: unknown) => log.error('write-failed', { what, error: String(error) }));
  };
  const port = createDeliveryPort({ store, registry, directory, blacklist, mailboxSizes, clock, background });
  const delivery = new Delivery(port, new RecentMessages(snapshot.receipts), mailboxSizes);
  port.attach(delivery);
  const tunnelRegistry = new TunnelRegistry(crypto);
  const relay = new Relay({
    now: () => clock.now(),
    redeem: (token) => tunnelRegistry.redeem(token, clock.now()),
    entered: (side) => tunnelRegistry.entered(side),
    ended: (sid) => tunnelRegistry.ended(sid, clock.now()),
  });
  const services: Services = {
    now: () => clock.now(),
    config,
    store,
    directory,
    blacklist,
    presence: new Presence(),
    delivery,
    mailboxSizes,
    lockout: new Lockout(config.blockSeconds * 1_000, snapshot.lockouts, (key) => directory.byKey(key) !== undefined),
    tokens: new Tokens(crypto),
    passwords,
    sessions: registry,
    recentBroadcasts: new RecentBroadcasts(),
    introductions: new Introductions(),
    missedPrivateEvents: new MissedPrivateEvents(),
    tunnels: {
      // Without TLS there is no ALPN to tell a tunnel by; such a server is for one machine, where the direct way is
      // open.
      admit: (sid, account, now) => (config.plaintext ? undefined : tunnelRegistry.admit(sid, account, now)),
      cut: (sid) => {
        relay.cut(sid);
        tunnelRegistry.forget(sid);
      },
    },
    mutexes: { passwords: new KeyedMutex(), tokens: new KeyedMutex(), blocks: new KeyedMutex() },
    rates: {
      messages: new TokenBuckets(config.messageRate, config.messageRate * RATE_LIMITS.messageBurstSeconds),
      privateRequests: new TokenBuckets(RATE_LIMITS.privateRequestsPerSecond, RATE_LIMITS.privateRequestBurst),
      registrations: new TokenBuckets(RATE_LIMITS.registrationsPerHour / 3_600, RATE_LIMITS.registrationsPerHour),
    },
    countedAddress: (address) => (isLoopbackAddress(address) ? undefined : addressGroup(address)),
    sha256: (text) => crypto.sha256(new TextEncoder().encode(text)),
    flushAppends: () => port.flush(),
    releaseMail: (account, removed) => port.released(account, removed),
    log: (event, fields) => log.info(event, fields),
    background,
  };
  const host: SessionHost = {
    services,
    hello: () => helloLine(config, snapshot.serverId, clock.now()),
    sessionStarted: (session) => {
      registry.add(session);
      log.info('session-started', { username: session.account.username, device: session.deviceId });
    },
    sessionEnded: (session, departure, lastAction) => {
      detachSession(services, registry, session, departure, lastAction);
      log.info('session-ended', { username: session.account.username, departure });
    },
    connectionClosed: (session) => connections.delete(session),
    reportError: (error) =>
      log.error('bug', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    defer: queueMicrotask,
  };

  restorePresence(services, snapshot);
  // Now, not only after the first interval, so that a server that crashes at once knows later when it ran.
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
      const session = new ClientSession(connection, host);
      connections.add(session);
      return session;
    },
    acceptTunnel: (stream, onAdmitted) => relay.accept(stream, onAdmitted),
    importAccounts: (entries) => importAccounts(services, entries),
    createInvite: async () => {
      const code = crypto.toBase64Url(crypto.randomBytes(12));
      await store.createInvite(services.sha256(code), clock.now() + SIGN_IN_LIMITS.inviteMs);
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
      for (const session of [...connections]) session.end('server-stopping', SERVER_LIMITS.comeBackMs);
      relay.close();
      port.flush();
      await store.markAlive(clock.now());
    },
  };
}

function tick(services: Services, connections: ReadonlySet<ClientSession>, timeoutMs: number): void {
  const now = services.now();
  for (const session of connections) enforceDeadlines(session, timeoutMs, now);
  services.delivery.tick(now);
  for (const { account, disconnectedAt } of services.presence.expire(now)) {
    announceDeparture(services, account, 'connection-lost', disconnectedAt);
  }
  expirePrivate(services);
}

function purge(services: Services): void {
  const now = services.now();
  services.rates.messages.sweep(now);
  services.rates.privateRequests.sweep(now);
  services.rates.registrations.sweep(now);
  services.background(
    'purge',
    services.store.purge({
      intervals: now - SERVER_LIMITS.historyMs,
      receipts: now - SERVER_LIMITS.receiptsMs,
      settlements: now - SERVER_LIMITS.settlementsMs,
      now,
    }),
  );
}

/**
 * Those who were online when the server stopped or died: after a short absence they count as dropped, not as gone, so
 * that thousands who come back do not announce themselves to each other (C1); after a long one their time ends where it
 * did.
 */
function restorePresence(services: Services, snapshot: Snapshot): void {
  const now = services.now();
  const isShort = now - snapshot.lastAlive <= SERVER_LIMITS.restartMs;
  for (const interval of snapshot.openIntervals) {
    const account = services.directory.byId(interval.account);
    if (isShort && account) services.presence.restore(account, interval.from, snapshot.lastAlive, now);
    else services.background('closeInterval', services.store.closeInterval(interval.account, snapshot.lastAlive));
  }
}

function helloLine(config: ServerConfig, id: string, now: number): string {
  return encodeNotification('hello', {
    protocol: 1,
    server: { id, name: 'Aside', version: SERVER_VERSION },
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
    features: [...FEATURES],
    now,
  });
}
