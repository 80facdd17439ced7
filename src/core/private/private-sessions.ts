import type { EventParams } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { TrustPolicy } from '../connection/dial-trusted.ts';
import type { DialTarget, LinkEnds } from '../ports.ts';
import type { CoreAccess } from '../state/core-access.ts';
import { mayReveal } from '../../shared/client-api/may-reveal.ts';
import { TrustStore } from './identity/trust-store.ts';
import type { PrivateContext } from './private-context.ts';
import type { PrivateEventName } from './private-events.ts';
import { SavedMessages } from './session/saved-messages.ts';
import { PrivateSessionManager } from './session/session-manager.ts';
import { parseIpAddress } from '../../shared/ip-address.ts';

/** Connects the private sessions with the client: its server connection, its view and its history. */
export class PrivateSessions {
  readonly manager: PrivateSessionManager;
  readonly #saved: SavedMessages;

  /** @param serverEnds addresses of the connection to the server; undefined without a connection */
  constructor(
    private readonly core: CoreAccess,
    private readonly policy: TrustPolicy,
    private readonly serverEnds: () => LinkEnds | undefined,
  ) {
    this.#saved = new SavedMessages(core.ports.history, () => core.view().username ?? '');
    this.manager = new PrivateSessionManager(this.#context(), (name, params) => this.#onEvent(name, params));
  }

  /** The program stops without signing out: peers and server are notified, so that neither waits for a reconnect. */
  stop(): void {
    const { manager, core } = this;
    const sessions = manager.sessions();
    manager.endAll('left');
    for (const { sid, state } of sessions) {
      // Not awaited: the program does not run until the answer.
      if (state.state === 'asked') void core.request('private.answer', { sid, accept: false });
      else if (state.state !== 'asking') void core.request('private.end', { sid });
    }
  }

  #context(): PrivateContext {
    const { core } = this;
    const { clock, random, peers } = core.ports;
    return {
      clock,
      random,
      crypto: peers.crypto,
      identity: peers.identity,
      certificates: peers.certificates,
      transport: peers.transport(() => this.#relay()),
      trustStore: new TrustStore(peers.identities),
      request: (method, params) => core.request(method, params),
      serverStatus: () => {
        const ends = this.serverEnds();
        const { username = '', server } = core.view();
        return {
          username,
          onLoopback: ends !== undefined && parseIpAddress(ends.remoteAddress)?.kind === 'loopback',
          localPort: ends?.localPort,
          timeoutSeconds: server?.policy.timeoutSeconds ?? 0,
        };
      },
      neverRevealAddress: (username) => !mayReveal(core.view().addressRule, username),
      publicAddress: () => peers.publicAddress,
      activity: () => core.notify('session.activity', {}),
    };
  }

  /** Only a server with TLS carries tunnels [ASIDE-12.1-2]. */
  #relay(): DialTarget | undefined {
    const { server, plaintext } = this.policy;
    const pin = this.core.ports.pins.read(server);
    return plaintext || pin === undefined ? undefined : { ...server, security: { kind: 'tls', pin } };
  }

  #onEvent<K extends PrivateEventName>(name: K, params: EventParams<K>): void {
    // An undelivered message must not be saved later, so it is forgotten before the event.
    if (name === 'private.undelivered') this.#saved.forget((params as EventParams<'private.undelivered'>).ids);
    this.core.emit(name, params);
    if (name === 'private.message') {
      const { message, keep } = params as EventParams<'private.message'>;
      if (keep) this.#save(message.username, () => this.#saved.add(message));
    } else if (name === 'private.delivered') {
      const { username, ids } = params as EventParams<'private.delivered'>;
      this.#save(username, () => this.#saved.confirm(ids));
    }
  }

  /** Writes to the history. If the disk fails, saving ends on both sides with a warning: neither relies on it. */
  #save(username: string, write: () => readonly Message[]): void {
    let added: readonly Message[];
    try {
      added = write();
    } catch {
      this.manager.setKeep(username, false);
      this.core.emit('private.warning', { username, fault: 'storage' });
      return;
    }
    for (const message of added) this.core.emit('message.added', { message });
  }
}
