import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { clientFailure, type Outcome } from '../../src/shared/client-api/failure.ts';
import type { ClientParams, Result } from '../../src/shared/protocol/messages.ts';
import type { ObservedAddress } from '../../src/core/private/signaling/candidates.ts';
import { TrustStore } from '../../src/core/private/identity/trust-store.ts';
import type { PrivateContext, PrivateRequestMethod } from '../../src/core/private/private-context.ts';
import type { PrivateEventName } from '../../src/core/private/private-events.ts';
import type { EventParams } from '../../src/shared/client-api/contract.ts';
import type { PrivateSessionView } from '../../src/shared/client-api/private-view.ts';
import { PrivateSessionManager } from '../../src/core/private/session/session-manager.ts';
import type {
  CertificateMaker,
  IdentitySigner,
  IdentityRecord,
  IdentityStore,
  PeerTransport,
} from '../../src/core/private/private-ports.ts';
import type { Clock } from '../../src/core/ports.ts';
import { deviceIdentity, nodePeerCrypto } from '../../src/node/peer/identity-crypto.ts';

/** An event as one flat object: its name beside its parameters. */
export type PrivateEvent = { [K in PrivateEventName]: { readonly name: K } & EventParams<K> }[PrivateEventName];

export function makeIdentity(): IdentitySigner {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return deviceIdentity(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

export class MemoryIdentityStore implements IdentityStore {
  readonly records = new Map<string, IdentityRecord>();

  get(username: string): IdentityRecord | undefined {
    return this.records.get(username);
  }

  put(username: string, record: IdentityRecord): void {
    this.records.set(username, record);
  }
}

/** Placeholder certificates for tests without TLS. */
const fakeCertificates: CertificateMaker = {
  make: () => Promise.resolve({ certificate: randomBytes(60).toString('base64'), key: '' }),
};

/** One client: its session manager and all emitted events. */
export class TestClient {
  readonly events: PrivateEvent[] = [];
  readonly store: MemoryIdentityStore = new MemoryIdentityStore();
  activities = 0;
  neverReveal = false;
  publicAddress: ObservedAddress | undefined = undefined;
  manager: PrivateSessionManager;

  constructor(
    readonly username: string,
    private readonly introducer: Introducer,
    private readonly clock: Clock,
    private readonly transport: PeerTransport,
    public identity: IdentitySigner = makeIdentity(),
    private readonly certificates: CertificateMaker = fakeCertificates,
  ) {
    this.manager = this.#start();
    introducer.clients.set(username, this);
  }

  /** Simulates a restart of the program: only stored data remains. */
  restart(): void {
    this.manager = this.#start();
  }

  session(username: string): PrivateSessionView | undefined {
    return this.manager.sessions().find((session) => session.username === username);
  }

  /** Received texts, in order. */
  get heard(): string[] {
    return this.events.flatMap((event) =>
      event.name === 'private.message' && event.message.incoming ? [event.message.text] : [],
    );
  }

  get delivered(): string[] {
    return this.events.flatMap((event) => (event.name === 'private.delivered' ? [...event.ids] : []));
  }

  /** Reasons of ended sessions, in order. */
  get endings(): string[] {
    return this.events.flatMap((event) =>
      event.name === 'private.changed' && event.session.state.state === 'ended'
        ? [`${event.session.state.ending.reason} by ${event.session.state.ending.by}`]
        : [],
    );
  }

  #start(): PrivateSessionManager {
    const context: PrivateContext = {
      clock: this.clock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)), fraction: () => 0.5 },
      crypto: nodePeerCrypto,
      identity: this.identity,
      certificates: this.certificates,
      transport: this.transport,
      trustStore: new TrustStore(this.store),
      request: (method, params) => this.introducer.request(this.username, method, params),
      serverStatus: () => ({
        username: this.username,
        onLoopback: this.introducer.onLoopback,
        localPort: undefined,
        timeoutSeconds: 60,
      }),
      neverRevealAddress: () => this.neverReveal,
      publicAddress: () => this.publicAddress,
      activity: () => this.activities++,
    };
    return new PrivateSessionManager(context, (name, params) => this.events.push({ name, ...params } as PrivateEvent));
  }
}

interface Introduction {
  readonly sid: string;
  readonly initiator: string;
  readonly responder: string;
  open: boolean;
}

type NotificationName = 'requested' | 'answered' | 'signal' | 'ended';

/** A server in memory that introduces clients by the protocol. Tests can make it misbehave. */
export class Introducer {
  readonly clients = new Map<string, TestClient>();
  readonly introductions = new Map<string, Introduction>();
  /** All requests and notifications, also with decoded payloads. */
  readonly wire: string[] = [];
  /** No client has a connection. */
  down = false;
  onLoopback = false;
  /** Addresses of the clients as the server sees them. */
  readonly observed = new Map<string, string>();
  relayBusy = false;
  /** Takes both of two crossing requests, which a server must not do. */
  takesCrossing = false;
  /** Changes a notification, or drops it by returning undefined. */
  tamper: (name: NotificationName, params: Record<string, unknown>, to: string) => Record<string, unknown> | undefined =
    (_name, params) => params;
  #tokens = 0;

  request<M extends PrivateRequestMethod>(
    from: string,
    method: M,
    params: ClientParams<M>,
  ): Promise<Outcome<Result<M>>> {
    this.#note({ from, method, params });
    if (this.down)
      return Promise.resolve({ ok: false, failure: clientFailure('offline', { detail: 'no-connection' }) });
    const result = this.#handle(from, method, params as ClientParams<PrivateRequestMethod>);
    if (typeof result === 'string') return Promise.resolve({ ok: false, failure: { reason: result } });
    return Promise.resolve({ ok: true, result: result as Result<M> });
  }

  /** Sends a notification to a client. */
  notify(to: string, name: NotificationName, params: Record<string, unknown>): void {
    const changed = this.tamper(name, params, to);
    if (changed === undefined) return;
    this.#note({ to, name, params: changed });
    void Promise.resolve().then(() => {
      if (this.down) return;
      const manager = this.clients.get(to)?.manager;
      // In the real client, the schemas of the protocol check these parameters.
      (manager?.[name] as ((params: unknown) => void) | undefined)?.call(manager, changed);
    });
  }

  #handle(from: string, method: PrivateRequestMethod, params: ClientParams<PrivateRequestMethod>): object | string {
    if (method === 'private.request') return this.#ask(from, params as ClientParams<'private.request'>);
    const introduction = this.introductions.get(params.sid);
    if (introduction === undefined)
      return method === 'private.answer' || method === 'private.cancel' ? 'no-such-request' : 'no-such-session';
    const other = introduction.initiator === from ? introduction.responder : introduction.initiator;
    const { sid } = introduction;
    switch (method) {
      case 'private.answer': {
        if (introduction.open || introduction.responder !== from) return 'no-such-request';
        const { accept, answer } = params as ClientParams<'private.answer'>;
        introduction.open = accept;
        if (!accept) this.introductions.delete(sid);
        this.notify(other, 'answered', accept ? { sid, accepted: true, answer } : { sid, accepted: false });
        return {};
      }
      case 'private.signal': {
        if (!introduction.open) return 'no-such-session';
        const { payload, observed } = params as ClientParams<'private.signal'>;
        const seen = observed === true ? this.observed.get(from) : undefined;
        this.notify(other, 'signal', seen === undefined ? { sid, payload } : { sid, payload, observed: seen });
        return {};
      }
      case 'private.cancel':
        if (introduction.open) return 'no-such-request';
        this.introductions.delete(sid);
        this.notify(other, 'ended', { sid, by: from, reason: 'cancelled' });
        return {};
      case 'private.end':
        if (!introduction.open) return 'no-such-session';
        this.introductions.delete(sid);
        this.notify(other, 'ended', { sid, by: from, reason: 'ended' });
        return {};
      case 'private.relay':
        if (!introduction.open) return 'no-such-session';
        return this.relayBusy ? 'relay-busy' : { token: `${sid}/${this.#tokens++}`, expiresAt: 0 };
    }
  }

  #ask(from: string, { sid, to, offer, note }: ClientParams<'private.request'>): object | string {
    if (!this.clients.has(to)) return 'offline';
    const between = [...this.introductions.values()].filter(
      ({ initiator, responder }) => [from, to].includes(initiator) && [from, to].includes(responder),
    );
    if (between.some(({ open }) => open)) return 'already-open';
    if (between.length > 0 && !this.takesCrossing) return 'already-asking';
    this.introductions.set(sid, { sid, initiator: from, responder: to, open: false });
    this.notify(to, 'requested', { sid, from, offer, expiresAt: 0, ...(note === undefined ? {} : { note }) });
    return { expiresAt: 0 };
  }

  #note(entry: { readonly params: object; readonly [more: string]: unknown }): void {
    this.wire.push(JSON.stringify(entry));
    for (const value of Object.values(entry.params)) {
      if (typeof value === 'string') this.wire.push(Buffer.from(value, 'base64').toString('utf8'));
    }
  }
}
