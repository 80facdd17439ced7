import type {
  ClientEvent,
  CommandName,
  CommandParams,
  CommandResult,
  EventName,
  EventParams,
  NumberedEvent,
} from '../shared/client-api/contract.ts';
import { failed, type Outcome } from '../shared/client-api/failure.ts';
import { emptyView, reduce } from '../shared/client-api/reduce.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import type { Device } from '../shared/protocol/ids.ts';
import { readBlacklist } from './blacklist/blacklist-commands.ts';
import { Inbox } from './messages/inbox.ts';
import { HistoryBatch } from './messages/history-batch.ts';
import { Outbox } from './messages/outbox.ts';
import { TypingWatch } from './messages/typing-watch.ts';
import { TokenBucket } from '../shared/token-bucket.ts';
import { runCommand } from './commands.ts';
import { Connector, type ConnectorHandler, type SignedIn } from './connection/connector.ts';
import { ImportRefresh } from './history/import-refresh.ts';
import type { Ports, ServerAddress } from './ports.ts';
import { PrivateSessions } from './private/private-sessions.ts';
import { readOnlineUsers } from './presence/read-online-users.ts';
import { ActivityThrottle } from './session/activity-throttle.ts';
import type { Core } from './state/core.ts';
import { handleInbound } from './state/inbound.ts';

export interface ClientOptions {
  readonly server: ServerAddress;
  /** Without TLS; for a server on this computer only. */
  readonly plaintext: boolean;
  readonly device: Device;
  /** Username of the profile, if known; the server's spelling replaces it. */
  readonly username?: string;
  /** Fingerprint of a changed certificate that the user accepts. */
  readonly acceptCertificate?: string;
}

/** The client of one account on one server. Every user interface is a projection of it. */
export interface Client {
  /** Runs a command. Expected failures are values; it never rejects. */
  run<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>>;
  /** The view as it is now. */
  snapshot(): ViewState;
  /** Calls the listener with every event from now on. @returns unsubscribes */
  subscribe(listener: (event: NumberedEvent) => void): () => void;
  /** Ends the connection without signing out: the program closes. */
  stop(): void;
}

/** Builds the client on the given ports. Throws when the local history cannot be read. */
export function createClient(ports: Ports, options: ClientOptions): Client {
  const core = new ClientCore(ports, options);
  return {
    run: (name, params) => runCommand(core, name, params),
    snapshot: () => core.view(),
    subscribe: (listener) => core.subscribe(listener),
    stop: () => {
      core.importRefresh.stop();
      core.privateSessions.stop();
      core.connector.stop();
      core.typing.clear();
    },
  };
}

class ClientCore implements Core {
  /** No limit before the greeting. */
  readonly sendRate = new TokenBucket(0, 0, 0);
  readonly activity = new ActivityThrottle();
  readonly typing: TypingWatch;
  readonly connector: Connector;
  readonly historyBatch: HistoryBatch;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly privateSessions: PrivateSessions;
  readonly importRefresh: ImportRefresh;
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  #view: ViewState;

  constructor(
    readonly ports: Ports,
    { server, plaintext, device, username, acceptCertificate }: ClientOptions,
  ) {
    const { clock, history, pins } = ports;
    this.typing = new TypingWatch(clock, (username) => {
      // A message of that user may have ended the typing already.
      if (this.#view.typing.includes(username)) this.emit('typing.changed', { username, typing: false });
    });
    this.historyBatch = new HistoryBatch(history, {
      committed: ({ added, changed }, settled) => {
        for (const message of added) this.emit('message.added', { message });
        for (const { id, conversation, to = '', status, at } of changed) {
          this.emit('message.changed', { id, conversation, to, status, at });
        }
        this.inbox.committed();
        this.outbox.committed(settled);
      },
      failed: () => this.connector.drop({ kind: 'storage' }),
    });
    this.inbox = new Inbox(clock, this.historyBatch);
    this.outbox = new Outbox(clock, history, this.historyBatch, this.sendRate, {
      statusChanged: ({ id, conversation, to }, status) =>
        this.emit('message.changed', { id, conversation, to, status }),
      waitingChanged: (waiting) => this.emit('outbox.changed', { waiting }),
      unanswered: () => this.connector.drop({ kind: 'silent' }),
      storageFailed: () => this.connector.drop({ kind: 'storage' }),
    });
    const policy = { server, plaintext, acceptedFingerprint: acceptCertificate };
    this.connector = new Connector(ports, policy, device, this.#connectorHandler());
    this.privateSessions = new PrivateSessions(this, policy, () => this.connector.onlineConnection?.ends);
    this.importRefresh = new ImportRefresh(clock, () =>
      this.emit('history.replaced', { conversations: history.conversations() }),
    );
    const fingerprint = plaintext ? undefined : pins.read(server)?.fingerprint;
    this.#view = {
      ...emptyView(),
      ...(username === undefined ? {} : { username }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      conversations: history.conversations(),
      waiting: this.outbox.size,
      addressRule: ports.peers.addressRules.read(),
    };
  }

  view(): ViewState {
    return this.#view;
  }

  subscribe(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit<K extends EventName>(name: K, params: EventParams<K>): void {
    // `name` and `params` match by the signature; TypeScript cannot express the union of such pairs without a cast.
    const event = { seq: this.#view.seq + 1, name, params } as ClientEvent & { readonly seq: number };
    this.#view = reduce(this.#view, event);
    for (const listener of this.#listeners) listener(event);
  }

  request: Core['request'] = (method, params) =>
    new Promise((resolve) => {
      const rpc = this.connector.onlineConnection;
      if (rpc === undefined) resolve(failed('offline', { detail: 'no-connection' }));
      else rpc.request(method, params, resolve);
    });

  notify: Core['notify'] = (method, params) => {
    this.connector.onlineConnection?.notify(method, params);
  };

  #connectorHandler(): ConnectorHandler {
    return {
      stateChanged: (connection) => {
        this.emit('connection.changed', { connection });
        // Any sign-out ends the private sessions; a lost connection does not (B6).
        if (connection.state === 'signed-out') {
          this.privateSessions.manager.endAll(connection.reason === 'timed-out' ? 'timed-out' : 'left');
        }
      },
      pinned: ({ fingerprint }, replaced) => this.emit('certificate.pinned', { fingerprint, replaced }),
      notification: (notification) => handleInbound(this, notification),
      chunkEnd: () => this.historyBatch.flush(),
      online: (result, resumed) => this.#online(result, resumed),
      offline: () => {
        this.typing.clear();
        this.inbox.offline();
        this.outbox.offline();
      },
    };
  }

  #online({ username, waiting, online, next }: SignedIn, resumed: boolean): void {
    const rpc = this.connector.onlineConnection;
    if (rpc === undefined) return;
    this.emit('session.started', { username, waiting, resumed });
    this.emit('people.replaced', { people: online });
    this.inbox.online(rpc);
    this.outbox.online(rpc);
    this.privateSessions.manager.serverBack();
    // Neither rejects; after a loss both are repeated with the next connection.
    void readBlacklist(this);
    if (next !== undefined) void readOnlineUsers(this, next);
  }
}
