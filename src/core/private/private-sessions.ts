import type { Message } from '../../shared/client-api/view-state.ts';
import type { DialTarget } from '../ports.ts';
import type { TrustPolicy } from '../connection/dial-trusted.ts';
import type { Core } from '../state/core.ts';
import { mayReveal } from './identity/address-rule.ts';
import { parseAddress } from './signaling/addresses.ts';
import { TrustStore } from './identity/trust-store.ts';
import { SavedMessages } from './session/saved-messages.ts';
import type { PrivateContext } from './session/session-context.ts';
import type { PrivateEvent } from './session/session-events.ts';
import { PrivateSessionManager } from './session/session-manager.ts';

/** Talking aside, as part of the client: the private sessions tied to its connection, its view and its history. */
export class PrivateSessions {
  readonly manager: PrivateSessionManager;
  readonly #saved: SavedMessages;

  constructor(
    private readonly core: Core,
    private readonly policy: TrustPolicy,
  ) {
    this.#saved = new SavedMessages(core.ports.history, () => core.view().username ?? '');
    this.manager = new PrivateSessionManager(this.#context(), (event) => this.#onEvent(event));
  }

  /** The program stops without signing out: peers are told, and so is the server, which would wait for a return. */
  stop(): void {
    const { manager, core } = this;
    const living = manager.sessions();
    manager.endAll('left');
    for (const { sid, state } of living) {
      // None of them waits for an answer, which would come too late.
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
        const ends = core.connector.onlineConnection?.ends;
        const { username = '', server } = core.view();
        return {
          username,
          onLoopback: ends !== undefined && parseAddress(ends.remoteAddress)?.kind === 'loopback',
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

  #onEvent(event: PrivateEvent): void {
    const { core } = this;
    switch (event.name) {
      case 'private.changed':
        core.emit('private.changed', { session: event.session });
        return;
      case 'private.message': {
        const { message, keep } = event;
        core.emit('private.message', { message, keep });
        if (keep) this.#save(message.username, () => this.#saved.add(message));
        return;
      }
      case 'private.delivered': {
        const { name, ...params } = event;
        core.emit(name, params);
        this.#save(event.username, () => this.#saved.confirm(event.ids));
        return;
      }
      case 'private.undelivered': {
        const { name, ...params } = event;
        this.#saved.forget(event.ids);
        core.emit(name, params);
        return;
      }
      case 'private.typing': {
        const { sid, username, typing } = event;
        core.emit('private.typing', { sid, username, typing });
        return;
      }
      case 'private.identityChanged': {
        const { username, identityKey } = event;
        core.emit('private.identityChanged', { username, identityKey });
        return;
      }
      case 'private.identitySettled':
        core.emit('private.identitySettled', { username: event.username });
        return;
      case 'private.warning': {
        const { username, fault, text } = event;
        core.emit('private.warning', { username, fault, text });
      }
    }
  }

  /** Writes to the history. Where that fails, keeping ends, and both are told: nobody believes that it is kept. */
  #save(username: string, write: () => Message[]): void {
    let added: Message[];
    try {
      added = write();
    } catch {
      this.manager.setKeep(username, false);
      const text = 'What is said aside could not be saved on this computer, so it is not kept any more.';
      this.core.emit('private.warning', { username, fault: 'storage', text });
      return;
    }
    for (const message of added) this.core.emit('message.added', { message });
  }
}
